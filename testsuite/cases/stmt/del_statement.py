# oracle=cpython level=minimal
# Deleting names, items, slices, attributes; using a deleted name.
x = 1
del x
try:
    x
except NameError:
    print("NameError")
d = {"a": 1, "b": 2}
del d["a"]
print(d)
l = [1, 2, 3, 4]
del l[0], l[-1]
print(l)
class C: pass
c = C()
c.a = 1
del c.a
print(hasattr(c, "a"))
def f():
    y = 5
    del y
    try:
        return y
    except NameError:
        return "unbound"
print(f())
a = b = 1
del (a, b)
try:
    a
except NameError:
    print("gone")
for bad in (lambda: d.__delitem__("zz"), lambda: l.__delitem__(9)):
    try:
        bad()
    except (KeyError, IndexError, AttributeError):
        print("error")
def g(n):
    if n:
        v = 1
    try:
        del v
        return "deleted"
    except NameError:
        return "was not there"
print(g(1), g(0))
