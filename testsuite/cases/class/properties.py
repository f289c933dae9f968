# oracle=cpython level=core
# property with getter, setter, deleter and inheritance.
class T:
    def __init__(self): self._c = 0
    @property
    def c(self):
        print("get")
        return self._c
    @c.setter
    def c(self, v):
        print("set", v)
        self._c = v
    @c.deleter
    def c(self):
        print("del")
        self._c = None
    @property
    def ro(self):
        return "read only"
    def _getw(self): return "w"
    w = property(_getw)

t = T()
print(t.c)
t.c = 5
t.c += 2
print(t.c, t._c)
del t.c
print(t._c, t.ro, t.w)
try:
    t.ro = 1
except AttributeError:
    print("AttributeError")
class S(T):
    @property
    def c(self):
        return "sub"
print(S().c, S().ro)
