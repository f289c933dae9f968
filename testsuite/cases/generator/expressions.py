# oracle=cpython level=minimal
# Generator expressions: laziness, scope, early evaluation of the first iterable.
log = []
def note(x):
    log.append(x)
    return x
g = (note(i) for i in range(3))
print(log)
print(next(g), log, list(g), log)
x = [1, 2]
g = (i for i in x)
x = [9]
print(list(g))
n = 2
g = (i * n for i in range(3))
n = 10
print(list(g))
g = ((a, b) for a in range(2) for b in "xy" if a or b == "x")
print(list(g))
print(list(i for i in (j * 2 for j in (k + 1 for k in range(3)))))
try:
    (i for i in 5)
except TypeError:
    print("not iterable")
def f():
    y = 3
    return list(y + i for i in range(2)), [y * i for i in range(2)]
print(f())
i = "kept"
list(i for i in range(3))
print(i)
