# oracle=cpython level=minimal
# Single inheritance, overriding, super in all forms.
class A:
    name = "A"
    def __init__(self, v):
        self.v = v
    def hello(self):
        return "A.hello " + str(self.v)
    def call(self):
        return self.hello()

class B(A):
    name = "B"
    def __init__(self, v, w):
        super().__init__(v)
        self.w = w
    def hello(self):
        return "B.hello " + super().hello()

class C(B):
    def __init__(self, *a):
        A.__init__(self, sum(a))
        self.w = None
    def hello(self):
        return "C." + super(B, self).hello() + "|" + super().hello()

a, b, c = A(1), B(2, 3), C(4, 5)
print(a.call(), b.call(), c.call(), sep="\n")
print(c.name, b.w, c.w, c.v)
print(isinstance(c, A), isinstance(a, B), issubclass(C, A), issubclass(A, C), issubclass(B, (int, A)))
print(C.__bases__ == (B,), B.__bases__ == (A,))
class D(C):
    pass
print(D(1).hello())
class E(A):
    def call(self):
        f = super().call
        return "E " + f()
print(E(0).call())
