# oracle=cpython level=core
# All displays, with several for and if clauses.
print([x for x in range(5)], [x * y for x in range(3) for y in range(3) if x != y])
print([(x, y) for x in range(3) if x for y in "ab" if y != "a" or x > 1])
print(sorted({x % 3 for x in range(10)}), sorted({c: ord(c) for c in "ab"}.items()))
print([[j for j in range(i)] for i in range(4)])
print([a + b for a, b in [(1, 2), (3, 4)]], [h for h, *t in ["abc", "xy"]])
print({k: [v for v in range(k)] for k in range(3)})
print([x for x in [y for y in range(3)]], [f(2) for f in [lambda n: n + 1, lambda n: n * 5]])
print([i for i in range(10) if i % 2 if i % 3])
x = "outer"
[x for x in range(3)]
print(x)
print(len({(i, j) for i in range(3) for j in range(3)}))
m = [[1, 2, 3], [4, 5, 6]]
print([[row[i] for row in m] for i in range(3)])
print([x if x else "zero" for x in range(3)], [not x for x in (0, 1)])
