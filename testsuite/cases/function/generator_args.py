# oracle=cpython level=core
# Comprehension arguments and generators passed to functions.
print(sum(i * i for i in range(5)))
print(max((x for x in (3, 1, 4)), default=None), min((x for x in ()), default="none"))
print(list(map(lambda a, b: a + b, (1, 2, 3), (10, 20))))
print(sorted((c for c in "hello"), reverse=True))
print(" ".join(str(i) for i in range(3)))
print(dict((k, v) for k, v in zip("ab", (1, 2))))
print(set(x % 3 for x in range(9)) == {0, 1, 2})
print(tuple(i for i in range(3) if i), list(filter(None, (i for i in (0, 1, "", "a")))))
print(any(i > 3 for i in range(5)), all(i < 3 for i in range(5)))
def f(it, k=0):
    return list(it), k
print(f((i for i in "ab"), k=2))
