# oracle=cpython level=minimal syntax=extended
# Mapping patterns.
def f(x):
    match x:
        case {"type": "point", "x": x0, "y": y0}:
            return "point", x0, y0
        case {"type": "named", **rest}:
            return "named", sorted(rest.items())
        case {"nested": {"k": [a, b]}}:
            return "nested", a, b
        case {1: v} | {2: v}:
            return "number", v
        case {}:
            return "some mapping", len(x)
        case _:
            return "no mapping"

for x in ({"type": "point", "x": 1, "y": 2}, {"type": "named", "n": 1, "m": 2}, {"nested": {"k": [3, 4]}}, {1: "a"}, {2: "b"}, {}, {"z": 0}, [], "s", {"type": "point", "x": 1}):
    print(f(x))
