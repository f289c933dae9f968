# oracle=cpython level=core
# Comprehensions in defaults, decorators, conditions, class bodies, lambdas.
def f(x=[i for i in range(3)], y={k: v for k, v in zip("ab", (1, 2))}):
    return x, sorted(y.items())
print(f())
print([[(i, j) for j in range(i)] for i in range(3)], [x for l in [[1], [2, 3]] for x in l])
if [i for i in range(3) if i > 1]:
    print("truthy")
while not [x for x in (0, 0) if not x]:
    pass
fs = [(lambda x: [x * i for i in range(n)]) for n in range(3)]
print([g(2) for g in fs])
class C:
    table = {name: len(name) for name in ("a", "bb")}
    pairs = [(k, v) for k, v in sorted({"z": 1}.items())]
    def m(self): return [self.table[k] + n for k in sorted(self.table) for n in (10,)]
print(C.table["bb"], C.pairs, C().m())
matrix = [[1, 2], [3, 4], [5, 6]]
print([list(r) for r in zip(*matrix)], [sum(r) for r in matrix], [v for r in matrix for v in r if v % 2])
print(sum(1 for _ in range(4) for _ in range(3)), {x for x in "hello" if x not in "aeiou"} == {"h", "l"})
print([a if a else b for a, b in ((0, 1), (2, 3))], [(lambda: v)() for v in range(2)], [not v for v in (0, 1)])
def deep(n):
    return [[[k for k in range(j)] for j in range(i)] for i in range(n)]
print(deep(4))
g = (x * y for x in range(3) for y in range(x))
print(list(g), list(g))
def late():
    items = [1, 2, 3]
    gen = (i for i in items if i in items)
    items = [2]
    return list(gen)
print(late())
