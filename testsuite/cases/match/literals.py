# oracle=cpython level=core syntax=extended
# match on literals, alternatives, guards and the wildcard.
def kind(x):
    match x:
        case 0:
            return "zero"
        case 1 | 2 | 3:
            return "small"
        case -1:
            return "minus one"
        case "a" | b"b":
            return "letter"
        case None:
            return "none"
        case True:
            return "never: 1 comes first"
        case 2.5 | 1 + 2j:
            return "not whole"
        case int() if x > 100:
            return "big"
        case _:
            return "other"

for x in (0, 1, 3, -1, "a", b"b", None, 2.5, 1 + 2j, 500, 50, [], "z", False):
    print(repr(x), kind(x))
