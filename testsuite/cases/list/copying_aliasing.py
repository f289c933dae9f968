# oracle=cpython level=core
# Who shares what: aliases, copies, nested lists, multiplication.
a = [1, [2, 3]]
b = a
c = a[:]
d = list(a)
e = a.copy()
b.append(4)
c[1].append(99)
print(a, c, d, e, a is b, a == c)
row = [0] * 3
grid = [row] * 2
grid[0][1] = 5
print(grid)
grid = [[0] * 3 for _ in range(2)]
grid[0][1] = 5
print(grid)
t = ([],) * 3
t[0].append(1)
print(t)
def f(x, acc=[]):
    acc.append(x)
    return acc
print(f(1), f(2), f(3, []), f(4))
x = y = []
x += [1]
print(x, y, x is y)
x = x + [2]
print(x, y, x is y)
l = [1, 2, 3, 4, 5, 6]
for v in l:
    if v % 2 == 0:
        l.remove(v)
print(l)
l = [1]
for v in l:
    if len(l) < 5:
        l.append(v + 1)
print(l)
l = list(range(5))
it = iter(l)
next(it)
l.clear()
print(list(it))
k = [3, 1, 2]
k.sort(key=lambda v: -v)
m = sorted(k)
print(k, m, k.sort())
