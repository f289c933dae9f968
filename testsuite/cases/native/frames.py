# oracle=cpython level=full engines=hognose,boards syntax=extended needs=machine
# Viper's words between blocks of functions that catch exceptions.
try:
    import micropython
except ImportError:

    class micropython:
        viper = staticmethod(lambda function: function)


@micropython.viper
def merged(a: int, b: int) -> int:
    print(0 < a < 3, a if b else 5, a or b, a and b)
    try:
        print([a if b else 7, b], 0 < b < 2)
    except ValueError:
        print("never")
    return a


@micropython.viper
def inside(a: int, b: int):
    for i in range(2):
        try:
            print(i, a // b if i else 8, (a or i) + 1)
        except ZeroDivisionError:
            print("zero", a or i, max(a if i else b, 3))
        finally:
            print(b if i else a)


@micropython.viper
def mixed(n: int, o):
    p = n if n > 1 else o
    q = o if n > 1 else n
    print(p, q, n or o, n and o, 1 if n else 0.5)
    for i in range(2):
        print((n or i) if i else o)
    return n if o else o


print(merged(1, 2), merged(0, 1), merged(3, 0))
print(mixed(2, "o"), mixed(0, None), mixed(1, [3]))
inside(6, 4)
inside(0, 0)
