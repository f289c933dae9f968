# oracle=stock level=minimal
# const(): values substituted at compile time.
from micropython import const
A = const(5)
_B = const(10)
_C = const(A + _B * 2)
_D = const((1, 2, "x"))
_E = const("text")
_F = const(-1 << 3)
print(A, _B, _C, _D, _E, _F)
def f(x):
    if x == _B:
        return "ten"
    return x + _C
print(f(10), f(1))
if _B > 5:
    print("taken")
class K:
    _G = const(7)
    def g(self):
        return self.h(A)
    def h(self, v):
        return v * 2
print(K().g())
print([_B + i for i in range(3)], {_B: _E}, "%d" % _C, f"{_B}")
print("_B" in globals(), "A" in globals())
