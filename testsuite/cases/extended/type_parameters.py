# oracle=cpython level=minimal syntax=extended python=3.12
# PEP 695: type parameters and type statements.
type Number = int | float
type Pair[T] = tuple[T, T]

def first[T](items: list[T]) -> T:
    return items[0]

def many[T: int, *Ts, **P](a: T, *rest) -> T:
    return a, rest

class Box[T]:
    def __init__(self, v: T): self.v = v
    def get(self) -> T: return self.v
    def map[U](self, f) -> "Box[U]": return Box(f(self.v))

print(first([1, 2]), many(1, 2, 3), Box("x").get(), Box(2).map(lambda v: v * 2).get())
type = 5
print(type)
class Sub[T](Box): pass
print(Sub(7).get())
