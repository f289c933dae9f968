# oracle=cpython level=core
# Loops over range with odd bounds, steps and bodies that change them.
for args in ((0,), (3,), (2, 5), (5, 2), (0, 10, 4), (10, 0, -4), (0, 3, 5), (3, 0), (-3, 3, 2)):
    print(args, [i for i in range(*args)])
n = 3
for i in range(n):
    n = 10
    print(i, n)
start, stop, step = 1, 8, 3
for i in range(start, stop, step):
    step = 1
    print(i)
for i in range(2 ** 30 - 1, 2 ** 30 + 2):
    print(i)
try:
    for i in range(1, 5, 0):
        print("never")
except ValueError:
    print("zero step")
def f(n):
    for i in range(n):
        pass
    return i
print(f(5))
try:
    f(0)
except NameError:
    print("unbound")
for i in range(3):
    for i in range(i):
        print("inner", i)
for x in range(0, -5, -1):
    if x < -2:
        break
print(x)
