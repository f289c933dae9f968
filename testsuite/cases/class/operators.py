# oracle=cpython level=core
# Every binary operator through its special method, and its reflection.
class N:
    def __init__(self, v): self.v = v
    def __repr__(self): return "N(%r)" % (self.v,)
    def __add__(self, o): return N(("add", self.v, getattr(o, "v", o)))
    def __sub__(self, o): return N(("sub", self.v, getattr(o, "v", o)))
    def __mul__(self, o): return N(("mul", self.v, getattr(o, "v", o)))
    def __truediv__(self, o): return N(("truediv", self.v, getattr(o, "v", o)))
    def __floordiv__(self, o): return N(("floordiv", self.v, getattr(o, "v", o)))
    def __mod__(self, o): return N(("mod", self.v, getattr(o, "v", o)))
    def __pow__(self, o): return N(("pow", self.v, getattr(o, "v", o)))
    def __lshift__(self, o): return N(("lshift", self.v, getattr(o, "v", o)))
    def __rshift__(self, o): return N(("rshift", self.v, getattr(o, "v", o)))
    def __and__(self, o): return N(("and", self.v, getattr(o, "v", o)))
    def __or__(self, o): return N(("or", self.v, getattr(o, "v", o)))
    def __xor__(self, o): return N(("xor", self.v, getattr(o, "v", o)))
    def __neg__(self): return N(("neg", self.v))
    def __pos__(self): return N(("pos", self.v))
    def __invert__(self): return N(("invert", self.v))
    def __abs__(self): return N(("abs", self.v))

a, b = N(1), N(2)
print(a + b, a - b, a * b)
print(a / b, a // b, a % b, a ** b)
print(a << b, a >> b, a & b, a | b, a ^ b)
print(a + 5, a - 5, a * 5)
print(-a, +a, ~a, abs(a))
c = a
c += b
print(c, a)
class Plain: pass
for f in (lambda: Plain() + 1, lambda: 1 + Plain(), lambda: -Plain(), lambda: Plain() < Plain()):
    try:
        f()
    except TypeError:
        print("TypeError")
