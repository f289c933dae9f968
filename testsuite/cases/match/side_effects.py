# oracle=cpython level=minimal syntax=extended
# The subject is evaluated once; guards run only after their pattern.
def subject():
    print("subject")
    return [1, 2]

def guard(name, value):
    print("guard", name)
    return value

match subject():
    case []:
        print("never")
    case [a, b] if guard("first", False):
        print("never")
    case [a, b] if guard("second", True):
        print("yes", a, b)
    case _ if guard("third", True):
        print("never")
match 1, 2:
    case 1, x if x == 3:
        print("never")
    case y, 2:
        print("tuple subject", y)
def f(n):
    match n:
        case 0: return "z"
        case n if n < 0: return "neg"
        case _: pass
    return "end"
print(f(0), f(-5), f(5))
