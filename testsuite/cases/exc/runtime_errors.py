# oracle=cpython level=core
# The type of the error for common mistakes.
def name(f):
    try:
        f()
    except Exception as e:
        n = type(e).__name__
        return {"UnboundLocalError": "NameError", "ModuleNotFoundError": "ImportError"}.get(n, n)
    return "no error"

def local():
    u = v
    v = 1

tests = [
    lambda: undefined, local, lambda: 1 + "a", lambda: "a" + 1, lambda: None + 1, lambda: [] + (),
    lambda: 1 / 0, lambda: [][0], lambda: {}["k"], lambda: "abc"["a"], lambda: None.x, lambda: None[0],
    lambda: (1)(), lambda: int("x"), lambda: int([]), lambda: len(1), lambda: iter(1), lambda: next(iter([])),
    lambda: "%d" % "x", lambda: chr(-1), lambda: ord("ab"), lambda: [1, 2].index(5), lambda: {}.pop("x"),
    lambda: max([]), lambda: sum("ab"), lambda: (lambda x: x)(), lambda: setattr(5, "x", 1),
    lambda: __import__("no_such_module"), lambda: bytes([300]), lambda: range(1, 2, 0), lambda: hash([]),
    lambda: not_there.attr, lambda: [1] < 2, lambda: {} < {}, lambda: -"a", lambda: ~1.5, lambda: 1 in 5,
    lambda: "abc".foo, lambda: (1, 2)[5], lambda: isinstance(1, 2),
]
for i, t in enumerate(tests):
    print(i, name(t))
