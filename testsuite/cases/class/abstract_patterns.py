# oracle=cpython level=core
# Patterns of classes: templates, visitors, registries, fluent interfaces.
class Shape:
    registry = {}
    @classmethod
    def register(cls, sub):
        cls.registry[sub.__name__] = sub
        return sub
    def area(self): raise NotImplementedError("area")
    def describe(self): return "%s of %d" % (type(self).__name__, self.area())

@Shape.register
class Square(Shape):
    def __init__(self, s): self.s = s
    def area(self): return self.s ** 2

@Shape.register
class Rect(Shape):
    def __init__(self, a, b): self.a, self.b = a, b
    def area(self): return self.a * self.b

print([Shape.registry[n](*a).describe() for n, a in (("Square", (3,)), ("Rect", (2, 5)))])
try:
    Shape().describe()
except NotImplementedError as e:
    print("NotImplementedError", e.args)

class Visitor:
    def visit(self, node):
        return getattr(self, "visit_" + type(node).__name__, self.default)(node)
    def default(self, node): return "?" + type(node).__name__
class Num:
    def __init__(self, v): self.v = v
class Add:
    def __init__(self, l, r): self.l, self.r = l, r
class Neg:
    pass
class Printer(Visitor):
    def visit_Num(self, n): return str(n.v)
    def visit_Add(self, n): return "(" + self.visit(n.l) + "+" + self.visit(n.r) + ")"
print(Printer().visit(Add(Num(1), Add(Num(2), Neg()))))

class Query:
    def __init__(self, parts=()): self.parts = tuple(parts)
    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return Query(self.parts + (name,))
    def __call__(self, *args): return Query(self.parts + (args,))
    def __repr__(self): return "Query" + repr(self.parts)
try:
    print(Query().select("a").where("b").limit(3))
except AttributeError:
    print("no __getattr__")
