# oracle=cpython level=core
# Reflected methods, NotImplemented, in-place methods.
class R:
    def __radd__(self, o): return ("radd", o)
    def __rsub__(self, o): return ("rsub", o)
    def __rmul__(self, o): return ("rmul", o)
    def __rfloordiv__(self, o): return ("rfloordiv", o)
    def __rmod__(self, o): return ("rmod", o)
    def __rpow__(self, o): return ("rpow", o)
    def __rlshift__(self, o): return ("rlshift", o)
    def __ror__(self, o): return ("ror", o)

r = R()
print(1 + r, 1 - r, 2 * r, 2 // r, 3 % r, 2 ** r, 1 << r, 1 | r)
class NI:
    def __add__(self, o): return NotImplemented
    def __eq__(self, o): return NotImplemented
    def __lt__(self, o): return NotImplemented
print((NI() + r)[0])
try:
    NI() + 1
except TypeError:
    print("TypeError")
x = NI()
print(x == x, NI() == NI(), x != x)
try:
    NI() < NI()
except TypeError:
    print("TypeError <")
class I:
    def __init__(self): self.log = []
    def __iadd__(self, o): self.log.append(("iadd", o)); return self
    def __isub__(self, o): self.log.append(("isub", o)); return self
i = I()
i += 1
i -= 2
print(i.log)
