# oracle=cpython level=minimal
# A class body is code: loops, conditions, names, del.
class C:
    a = 1
    b = a + 1
    for i in range(3):
        if i == 1:
            c = i * 10
    del i
    try:
        d = 1 // 0
    except ZeroDivisionError:
        d = "caught"
    def f(self):
        return self.a
    g = f
    h = lambda self: self.b
    if a == 1:
        def cond(self): return "yes"
    else:
        def cond(self): return "no"
    class Inner:
        v = "inner"
        def m(self): return self.v
    with_default = (lambda x=a: x)()

print(C.a, C.b, C.c, C.d, hasattr(C, "i"))
c = C()
print(c.f(), c.g(), c.h(), c.cond(), c.with_default)
print(C.Inner.v, C.Inner().m(), c.Inner().m())
def make(n):
    class D:
        size = n
        def get(self):
            return n * self.size
    return D
print(make(3)().get(), make(4).size)
x = "global"
class S:
    x = x
    y = x
print(S.x, S.y)
