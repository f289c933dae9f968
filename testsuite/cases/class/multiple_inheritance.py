# oracle=cpython level=core
# Diamonds: method resolution as C3 orders it where stock agrees.
class A:
    def f(self): return "A"
    def g(self): return "A.g"
class B(A):
    def f(self): return "B"
class C:
    def f(self): return "C"
    def h(self): return "C.h"
class D(B, C):
    pass
class E(C, B):
    pass
d, e = D(), E()
print(d.f(), d.g(), d.h(), e.f(), e.g(), e.h())
print(isinstance(d, A), isinstance(d, C), issubclass(D, A), issubclass(E, C))
class Mixin:
    def describe(self):
        return "<" + self.text() + ">"
class Base:
    def __init__(self, t): self.t = t
    def text(self): return self.t
class Both(Mixin, Base): pass
print(Both("x").describe())
class Left:
    attr = "left"
    def who(self): return "left"
class Right:
    attr = "right"
    only = "right only"
    def who(self): return "right"
class Child(Left, Right):
    def who(self): return "child of " + super().who()
print(Child().who(), Child.attr, Child.only)
