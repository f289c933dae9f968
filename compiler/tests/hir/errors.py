return 1
def f(a, a): pass
def f(*, b):
    break
    x = 1
    nonlocal y
    global x
X = const(5)
X = 6
f(x) = 3
del f()
*a = 1
@micropython.wrong
@micropython.viper
def h(a: double): pass
await x
class C:
    yield 1
"\x4"
(x
