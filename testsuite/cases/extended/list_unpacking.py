# oracle=cpython level=core syntax=extended
# Unpacking into list, tuple and set displays.
a, b = [1, 2], (3, 4)
print([*a], [*a, *b], [0, *a, 5], [*a, 9, *b, *"xy"], [*range(3)], [*[]])
print((*a,), (*a, *b), (0, *a), tuple([*b]))
print({*a, *b, 1} == {1, 2, 3, 4}, sorted({*"hello"}))
x = *a, 5
print(x)
y = *a,
print(y)
def f():
    return *a, 3
def g():
    yield *a, 4
print(f(), list(g()))
for i in *a, 10:
    print(i)
print([*(c for c in "gen")], [*{"k": 1}], len([*range(100), *range(50)]))
try:
    [*5]
except TypeError:
    print("TypeError")
def h(*args): return args
print(h(*a, 1, *b), h(1, *a), h(*a, *"z"))
s = [1, *[2, *[3, *[4]]]]
print(s, s[*[0],] if False else "")
