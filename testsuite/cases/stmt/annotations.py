# oracle=cpython level=core
# Annotations have no effect on the values of names.
x: int = 1
y: "forward" = 2
z: list
print(x, y)
try:
    z
except NameError:
    print("z is not bound")
def f(a: int, b: str = "b", *c: tuple, d: float = 1.5, **e: dict) -> "ret":
    local: int = a
    unbound: str
    return local, b, c, d, e
print(f(1), f(1, "x", 3, d=4, g=5))
class C:
    attr: int = 5
    other: str
    def m(self, x: "C") -> None:
        self.v: int = x
print(C.attr, hasattr(C, "other"))
c = C()
c.m(3)
print(c.v)
(w): int = 4
print(w)
l = [0]
l[0]: int = 9
print(l)
