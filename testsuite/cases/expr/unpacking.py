# oracle=cpython level=core
# Unpacking into names, nested targets, attributes and items.
a, b = 1, 2
print(a, b)
(a, b), c = (3, 4), 5
print(a, b, c)
[a, [b, c]] = [6, (7, 8)]
print(a, b, c)
a, *b = 1, 2, 3
print(a, b)
*a, b = "xyz"
print(a, b)
a, *b, c = range(6)
print(a, b, c)
a, *b, c = 1, 2
print(a, b, c)
(a, *b), *c = [(1, 2, 3), 4, 5]
print(a, b, c)
class O: pass
o = O()
o.x, o.y = "ab"
d = {}
d["k"], d[1] = 10, 20
print(o.x, o.y, d["k"], d[1])
a, b = b, a
print(a, b)
for i, (x, *y) in enumerate([(1, 2), "abc"]):
    print(i, x, y)
for bad in (lambda: (1, 2, 3), lambda: (1,), lambda: ()):
    try:
        a, b = bad()
    except ValueError as e:
        print("ValueError")
try:
    a, *b, c = [1]
except ValueError:
    print("ValueError star")
