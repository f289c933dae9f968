# oracle=cpython level=core
# Calls with the wrong arguments raise TypeError, in every way to be wrong.
def p0(): return 0
def p1(a): return a
def p2(a, b=2): return a, b
def ko(*, k): return k
def star(a, *r): return a, r
def kws(a, **k): return a, k

calls = [
    lambda: p0(1), lambda: p1(), lambda: p1(1, 2), lambda: p1(b=1), lambda: p1(1, a=2),
    lambda: p2(), lambda: p2(1, 2, 3), lambda: p2(b=1), lambda: p2(1, c=3),
    lambda: ko(), lambda: ko(1), lambda: ko(j=1), lambda: ko(k=1, j=2),
    lambda: star(), lambda: star(b=1), lambda: kws(), lambda: kws(1, a=2),
    lambda: p2(1, **{"b": 2, "c": 3}), lambda: p1(*[1, 2]), lambda: p1(*5),
    lambda: None(), lambda: 5(), lambda: "s"(),
]
for i, call in enumerate(calls):
    try:
        print(i, "value", call())
    except TypeError:
        print(i, "TypeError")
    except AttributeError:
        print(i, "AttributeError")
