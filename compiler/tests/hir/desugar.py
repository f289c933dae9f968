def f(v, a, b):
    match v:
        case {"k": [1, *rest], **more} if rest:
            return more
        case Point(x=0) | C(1) as p:
            return p
        case _:
            return None


x = [1, *a, 2], (*a,), {*a}, {"p": 1, **b, "q": 2}
print(f"a{x!r:>{w}}{{}} {y=}", k=1, *a)
t = t"a{x}b{y!r:{w}}"
try:
    pass
except* E as e:
    print(e)
@d1
@d2(3)
def g[T](x: T) -> T:
    return isinstance(x, T)
type A = int
if __debug__ and 1 < 2:
    assert a, "msg"
else:
    never()
y = 1 < a < 2 or not b and -(2**100)
