# oracle=cpython level=core
# The range type.
r = range(2, 20, 3)
print(r, len(r), r[0], r[-1], r[2], 5 in r, 6 in r, list(r))
print(range(5), range(5)[1:3], range(10)[::2], range(0), len(range(0, -5, -1)), list(range(5, 0, -2)))
print(r.start if hasattr(r, "start") else 2, bool(range(0)), bool(range(1)))
for bad in (lambda: range(3)[3], lambda: range("a"), lambda: range(1, 2, 0), lambda: range()):
    try:
        bad()
    except (IndexError, TypeError, ValueError) as e:
        print(type(e).__name__)
print(max(range(10)), sum(range(10)), sorted(range(3), reverse=True), list(reversed(range(4))))
print(2 in range(0, 10, 2), 3 in range(0, 10, 2), -1 in range(5))
a, b, c = range(3)
print(a, b, c)
