# oracle=cpython level=core
# Tuples.
t = (1, "a", None, 1)
print(t, len(t), t[0], t[-1], t[1:3], t + (2,), t * 2, () + (), (1,) * 3, (5,))
print(t.count(1), t.index("a"), "a" in t, tuple([1, 2]), tuple("ab"), tuple(), tuple(range(3)))
for bad in (lambda: t[9], lambda: t.index(99), lambda: t["x"], lambda: t + [1], lambda: ()[0]):
    try:
        bad()
    except (IndexError, ValueError, TypeError) as e:
        print(type(e).__name__)
try:
    t[0] = 1
except TypeError:
    print("immutable")
a = (1, [2])
a[1].append(3)
print(a, hash((1, 2)) == hash((1, 2)), {(1, 2): "x"}[(1, 2)])
print((), (1,), (1, 2), ((),), ((1,), (2,)))
x = 1,
print(x, *x, (x))
u = (1, 2)
v = u
u += (3,)
print(u, v)
print((1, 2) is (1, 2) or True, tuple(u) is u)
