# oracle=cpython level=minimal syntax=extended
# Sequence patterns, with stars, nested.
def f(x):
    match x:
        case []:
            return "empty"
        case [a]:
            return "one", a
        case [1, 2, *rest]:
            return "starts 1 2", rest
        case [first, *_, last] if first == last:
            return "same ends", first
        case (a, [b, c]):
            return "nested", a, b, c
        case [a, b]:
            return "two", a, b
        case [*all, 9]:
            return "ends with 9", all
        case [_, _, _]:
            return "three"
        case _:
            return "no"

for x in ([], [5], (1, 2), [1, 2, 3, 4], [7, 0, 7], (1, [2, 3]), [4, 5], [3, 4, 9], "ab", (3, 4, 5), [1, 0, 0, 0], 5, range(3), b"ab", {1: 2}):
    print(x if not isinstance(x, range) else "range", f(x))
