# oracle=cpython level=core
# Frozen sets.
f = frozenset([1, 2, 3])
print(sorted(f), 1 in f, len(f), f == {1, 2, 3}, f == frozenset((3, 2, 1)))
print(hash(f) == hash(frozenset([3, 1, 2])), {f: "key"}[frozenset([1, 2, 3])])
print(sorted(f | {4}), sorted(f & {1}), sorted(f - {1}), f.issubset({1, 2, 3, 4}))
try:
    f.add(1)
except AttributeError:
    print("AttributeError")
print(frozenset() == set(), len(frozenset("aab")), {frozenset([1]), frozenset([1])} == {frozenset([1])})
g = f
g |= {9}
print(sorted(f), sorted(g))
