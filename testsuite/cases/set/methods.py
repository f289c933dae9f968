# oracle=cpython level=core
# Sets and their algebra.
a, b = {1, 2, 3}, {3, 4}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b))
print(sorted(a.union([9])), sorted(a.intersection((1, 3))), sorted(a.difference(b)), sorted(a.symmetric_difference(b)))
print(a.issubset({1, 2, 3, 4}), a.issuperset({1}), a.isdisjoint({8}), a <= a, a < a, {1} < a, a > {1}, a >= b)
c = a.copy()
c.add(10)
c.add(1)
c.remove(2)
c.discard(99)
print(sorted(c), len(c), 10 in c, 2 in c)
c.update([20, 21], (22,))
print(sorted(c))
c.intersection_update({20, 1})
print(sorted(c))
c.difference_update({1})
print(c)
c |= {5}
c &= {5, 6}
c -= {7}
c ^= {8}
print(sorted(c))
print(c.pop() in (5, 8), len(c))
c.clear()
print(c, set(), bool(set()), set("hello") == {"h", "e", "l", "o"}, {1, 1.0, True})
for bad in (lambda: set().pop(), lambda: {1}.remove(2), lambda: {[]}, lambda: {1} + {2}):
    try:
        bad()
    except (KeyError, TypeError) as e:
        print(type(e).__name__)
print({1, 2} == {2, 1}, {1} != {2}, set([1, 2]) == {1, 2}, {1} == [1])
big = set(range(200))
print(len(big), sum(big), len(big & set(range(100, 300))))
