# oracle=cpython level=minimal
# The name of the exception is gone after its handler.
try:
    raise ValueError(1)
except ValueError as e:
    kept = e
    print(e.args)
try:
    e
except NameError:
    print("e is gone")
print(kept.args)
def f():
    e = "before"
    try:
        raise KeyError("k")
    except KeyError as e:
        pass
    try:
        return e
    except NameError:
        return "unbound"
print(f())
def g():
    try:
        raise ValueError
    except ValueError as e:
        del e
    return "deleted by hand"
print(g())
def h():
    for i in range(2):
        try:
            raise ValueError(i)
        except ValueError as x:
            if i == 0:
                continue
            print("handler", x.args)
h()
