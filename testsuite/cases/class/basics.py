# oracle=cpython level=core
# Class bodies, instances, attributes, methods.
class Point:
    """A point."""
    dims = 2

    def __init__(self, x, y=0):
        self.x = x
        self.y = y

    def move(self, dx, dy=0):
        self.x += dx
        self.y += dy
        return self

    def __repr__(self):
        return "Point(%r, %r)" % (self.x, self.y)

p = Point(1, 2)
q = Point(y=5, x=4)
print(p, q, p.move(1).move(0, 3), Point.dims, p.dims)
p.dims = 3
print(p.dims, q.dims, Point.dims)
Point.dims = 4
print(p.dims, q.dims)
print(isinstance(p, Point), isinstance(p, object), isinstance(1, Point), type(p) is Point)
print(Point.__name__, type(p).__name__, p.__class__ is Point)
Point.norm = lambda self: self.x + self.y
print(p.norm(), Point.norm(q))
print(hasattr(p, "x"), hasattr(p, "z"), getattr(p, "z", None), getattr(p, "x"))
setattr(p, "z", 9)
print(p.z)
try:
    p.nothing
except AttributeError as e:
    print("AttributeError")
class Empty: pass
e = Empty()
e.a = 1
print(e.a, [x for x in ("a", "b") if hasattr(e, x)])
m = p.move
print(m(10))
class Counter:
    total = 0
    def __init__(self):
        Counter.total += 1
Counter(); Counter()
print(Counter.total)
