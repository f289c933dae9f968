# oracle=cpython level=minimal
# Where attributes are found: instance, class, bases; functions bind, others do not.
class Base:
    x = "base"
    def m(self): return "Base.m"
    n = 1
class D(Base):
    def m(self): return "D.m"
d = D()
print(d.x, d.m(), D.x, d.n)
d.x = "instance"
print(d.x, D.x, D().x)
D.x = "derived"
print(d.x, D().x, Base.x)
del d.x
print(d.x)
del D.x
print(d.x)
d.n += 5
print(d.n, D.n, Base.n)
d.m = "not callable"
print(d.m, D().m())
D.added = lambda self, k=2: ("added", k)
print(d.added(), d.added(3))
try:
    del d.missing
except AttributeError:
    print("AttributeError")
f = d.added
D.added = None
print(f(9), d.added)
class Counter:
    instances = []
    def __init__(self): self.instances.append(self)
Counter(); Counter()
print(len(Counter.instances), Counter.instances[0].instances is Counter.instances)
