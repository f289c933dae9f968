# oracle=cpython level=core
# Comprehensions see function scopes, class scopes only in their first iterable.
def f(n):
    k = 10
    return [i + k for i in range(n)], {i: k for i in range(n)}
print(f(3))
class C:
    size = 3
    items = [i for i in range(size)]
    pairs = list(zip(items, items))
print(C.items, C.pairs)
def g():
    fs = [lambda: i for i in range(3)]
    return [x() for x in fs]
print(g())
def h():
    out = []
    for i in range(2):
        out.append([i for i in range(i + 2)])
        out.append(i)
    return out
print(h())
def k(a):
    return [[a + b + c for b in range(2)] for c in range(2)]
print(k(100))
def nested(n):
    return [[(i, j) for j in range(i)] for i in range(n) if i]
print(nested(3))
total = [sum(v for v in row) for row in [[1, 2], [3]]]
print(total)
z = 5
print([z for z in range(2)], [z for _ in range(2)], z)
