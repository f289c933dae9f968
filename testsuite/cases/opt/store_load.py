# oracle=cpython level=core
# Stores and loads that meet, stack shuffles, unused values.
def f(x):
    y = x
    y = y
    z = y
    z
    return z

def g():
    a = b = c = []
    a.append(1)
    return a, b is c

def h(l):
    l[0], l[1], l[2] = l[2], l[0], l[1]
    return l

def swap(a, b):
    a, b = b, a
    b, a = a, b
    (a, b) = (b, a)
    return a, b

def rot(a, b, c):
    a, b, c = b, c, a
    return a, b, c

def same(a):
    a, a = 1, 2
    return a

def effects():
    out = []
    def t(x):
        out.append(x)
        return x
    t(1)
    t(2), t(3)
    [t(4)]
    t(5) + t(6)
    t(7) if t(8) else t(9)
    t(0) and t(10)
    not t(11)
    -t(12)
    t(13) < t(14)
    (lambda: t(99))
    return out

class Prop:
    count = 0
    @property
    def p(self):
        Prop.count += 1
        return 1

def attributes():
    p = Prop()
    p.p
    p.p
    _ = p.p
    return Prop.count

def subscripts():
    d = {}
    try:
        d["missing"]
    except KeyError:
        return "looked up"

print(f(1), g(), h([1, 2, 3]), swap(1, 2), rot(1, 2, 3), same(0), effects(), attributes(), subscripts())
