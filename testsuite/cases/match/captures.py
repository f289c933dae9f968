# oracle=cpython level=minimal syntax=extended
# Captures, value patterns, as patterns, scope, fall-through.
class Color:
    RED = 1
    class Deep:
        BLUE = 2

def f(x):
    match x:
        case Color.RED:
            return "red"
        case Color.Deep.BLUE:
            return "blue"
        case [Color.RED, other]:
            return "red and", other
        case (1 | 2) as n, m:
            return "first is", n, m
        case {"k": (int() | str()) as v} as whole:
            return v, sorted(whole)
        case captured:
            return "captured", captured

for x in (1, 2, [1, 9], (2, 5), {"k": 3, "j": 4}, {"k": "s"}, {"k": []}, "end"):
    print(f(x))
match 5:
    case 1:
        print("never")
print("no case matched is fine")
match (1, 2):
    case a, b:
        pass
print(a, b)
match = 3
case = match + 1
print(match, case)
def star(x):
    match x:
        case *a, b:
            return a, b
print(star((1, 2, 3)))
for i in range(4):
    match i:
        case 1:
            continue
        case 3:
            break
    print("loop", i)
