# oracle=cpython level=minimal syntax=extended
# except*: which clauses run, for exceptions that are not groups.
def f(exc):
    try:
        if exc:
            raise exc
        print("body ends")
    except* ValueError:
        print("ValueError clause")
    except* (KeyError, IndexError):
        print("lookup clause")
    else:
        print("else")
    finally:
        print("finally")

f(None)
f(ValueError("v"))
f(IndexError("i"))
try:
    f(TypeError("t"))
except TypeError as e:
    print("passed on", e.args)
