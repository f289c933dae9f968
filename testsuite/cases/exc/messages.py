# oracle=stock level=core engines=hognose,boards
# The words of common errors at stock's normal level.
def text(f):
    try:
        f()
        print("no error")
    except Exception as e:
        print(type(e).__name__ + ":", e)

def f1(a): pass
def f2(a, b=1): pass
def f3(*, k): pass
class C: pass

for f in (
    lambda: undefined, lambda: 1 + "a", lambda: "a" + 1, lambda: None + 1, lambda: [] + (), lambda: -"a",
    lambda: 1 / 0, lambda: 1 // 0, lambda: 1 % 0, lambda: [][0], lambda: [].pop(), lambda: {}["k"], lambda: "abc"[5],
    lambda: "abc"["a"], lambda: None.x, lambda: C().x, lambda: C.x, lambda: None[0], lambda: C()[0], lambda: (1)(),
    lambda: int([]), lambda: float("x"), lambda: len(1), lambda: iter(1), lambda: next([]),
    lambda: "%d" % "x", lambda: "%s" % (1, 2), lambda: "%s %s" % (1,), lambda: chr(-1), lambda: ord("ab"), lambda: [1].index(5),
    lambda: f1(), lambda: f1(1, 2), lambda: f1(b=1), lambda: f1(1, a=1), lambda: f2(), lambda: f2(1, 2, 3), lambda: f3(), lambda: f3(1),
    lambda: max([]), lambda: range(1, 2, 0), lambda: hash([]), lambda: {[]: 1}, lambda: "a" < 1, lambda: [1] < 2,
    lambda: __import__("no_such_module"), lambda: bytes([300]), lambda: isinstance(1, 2), lambda: issubclass(1, int),
    lambda: setattr(1, "x", 1), lambda: delattr(C(), "x"), lambda: C()(), lambda: [].remove(1),
):
    text(f)
