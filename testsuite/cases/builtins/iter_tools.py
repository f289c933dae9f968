# oracle=cpython level=core
# enumerate, zip, map, filter, reversed, iter, next.
print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate([], 1)), dict(enumerate("xy")))
print(list(zip("abc", [1, 2])), list(zip()), list(zip([1])), list(zip(range(3), "xyz", (True,) * 3)))
print(list(map(str, [1, 2])), list(map(lambda a, b: a * b, [1, 2, 3], [4, 5])), list(map(None, []) if False else []))
print(list(filter(lambda x: x % 2, range(6))), list(filter(None, [0, 1, "", "a"])))
print(list(reversed([1, 2, 3])), list(reversed("abc")), list(reversed(range(3))), list(reversed((1, 2))))
it = iter([1, 2])
print(next(it), next(it), next(it, "end"), next(it, None))
try:
    next(it)
except StopIteration:
    print("StopIteration")
for bad in (lambda: next([]), lambda: iter(None), lambda: list(zip(1)), lambda: list(map(1, [1])), lambda: enumerate()):
    try:
        bad()
    except TypeError:
        print("TypeError")
m = map(lambda x: x + 1, (1, 2))
print(next(m), list(m), list(m))
def gen():
    yield 1
    yield 2
print([a + b for a, b in zip(gen(), gen())], list(map(max, [1, 5], [3, 2])))
