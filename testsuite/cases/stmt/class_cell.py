# oracle=cpython level=minimal
# Methods that need the class they are defined in, in nested places.
class A:
    def who(self): return "A"
    def __init__(self): self.made = ["A"]

class B(A):
    def __init__(self):
        super().__init__()
        self.made.append("B")
    def who(self):
        def inner():
            return super(B, self).who() + "!"
        return inner()
    def gen(self):
        parent = super()
        for _ in range(2):
            yield parent.who()
    class Nested(A):
        def who(self):
            return "nested " + super().who()
    def lam(self):
        return (lambda s: super(B, s).who())(self)

b = B()
print(b.made, b.who(), list(b.gen()), B.Nested().who(), b.lam())
def factory(base):
    class Made(base):
        def who(self):
            return "made " + super().who()
    return Made
print(factory(A)().who(), factory(factory(A))().who())
