# oracle=cpython level=core syntax=extended
# Class patterns: keywords, positions, built-in types, nesting, as.
class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y

class Line:
    __match_args__ = ("a", "b")
    def __init__(self, a, b): self.a, self.b = a, b

class Sub(Point): pass

def f(v):
    match v:
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y):
            return "on y", y
        case Point(x, 0):
            return "on x", x
        case Line(Point(0, 0), Point(x, y) as end):
            return "from origin", x, y, type(end).__name__
        case Line(a=Point(), b=other):
            return "line", type(other).__name__
        case Point():
            return "a point"
        case int(n) if n > 10:
            return "big int", n
        case int() | float():
            return "number"
        case str(s):
            return "text", s
        case list([a, b]) | tuple((a, b)):
            return "pair", a, b
        case _:
            return "other"

for v in (Point(0, 0), Point(0, 5), Point(3, 0), Point(1, 1), Sub(0, 0), Line(Point(0, 0), Point(1, 2)), Line(Point(1, 1), 5), 50, 5, 1.5, "t", [1, 2], (3, 4), None):
    print(f(v))
