# oracle=cpython level=minimal syntax=extended
# Parts on both sides of a star that binds nothing.


def parts(subject):
    match subject:
        case [a, b, *_] if a:
            return a, b
        case [*_, z] if z:
            return "last", z
        case [p, *_, q]:
            return "ends", p, q
        case [*_]:
            return "any"
    return "none"


for subject in ([1, 2, 3], [0, 1], [0, 0, 0], [], range(3), (0,), range(1 << 20), "ab", {}):
    print(parts(subject))
