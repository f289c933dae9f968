# oracle=cpython level=core
# min and max take the first of equals; sort is used with compound keys.
data = [("b", 2), ("a", 2), ("c", 1), ("d", 1)]
print(min(data, key=lambda p: p[1]), max(data, key=lambda p: p[1]))
print(sorted(data, key=lambda p: (p[1], p[0])))
print(max(1, 1.0), min(True, 1), max([3, 1, 2], [3, 1]), min("b", "a", "c"), max((x for x in (1, 5, 2)), key=lambda v: -v))
print(sorted([(1, "b"), (1, "a"), (0, "z")]), sorted("The Quick".split(), key=lambda s: s.lower()))
l = list(range(50))
l.sort(key=lambda v: (v % 7, -v))
print(l[:10], l[-3:])
l = [5, 3, 5, 1]
l.sort()
print(l)
l = [1]
l.sort(reverse=True)
print(l, sorted([], key=None) if False else [])
