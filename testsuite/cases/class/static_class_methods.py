# oracle=cpython level=minimal
# staticmethod and classmethod through class, instance and subclass.
class A:
    made = []
    @classmethod
    def create(cls, *args):
        A.made.append(cls.__name__)
        return cls(*args)
    @staticmethod
    def util(a, b=2):
        return a * b
    def __init__(self, n=0): self.n = n
    def use(self):
        return self.util(self.n), self.create(7).n

class B(A):
    @classmethod
    def create(cls, *args):
        o = super().create(*args)
        o.extra = "B"
        return o
    @staticmethod
    def util(a, b=3):
        return "B", A.util(a, b)

print(A.create(1).n, B.create(2).n, B.create(3).extra, A().create(4).n, A.made)
print(A.util(5), A().util(5, 5), B.util(5), B(6).use())
f = A.create
print(f(9).n)
g = B.util
print(g(1))
