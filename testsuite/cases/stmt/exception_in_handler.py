# oracle=cpython level=minimal
# Errors raised inside except, else and finally blocks.
def f(where):
    try:
        print("try")
        if where != "else":
            raise ValueError("first")
    except ValueError as e:
        print("except", e.args)
        if where == "except":
            raise KeyError("in except")
    else:
        print("else")
        raise KeyError("in else")
    finally:
        print("finally")
        if where == "finally":
            raise IndexError("in finally")
    return "returned"

for where in ("none", "except", "else", "finally"):
    try:
        print(f(where))
    except (KeyError, IndexError) as e:
        print(type(e).__name__, e.args)

def chain(n):
    try:
        if n == 0:
            raise ValueError("bottom")
        chain(n - 1)
    except ValueError as e:
        raise ValueError(n, e.args)

try:
    chain(3)
except ValueError as e:
    print(e.args)

def loop_of_handlers():
    for i in range(3):
        try:
            try:
                raise KeyError(i)
            except KeyError as e:
                if i == 1:
                    raise
                print("handled", e.args)
        except KeyError as e:
            print("outer", e.args)
            continue
        print("end of", i)
loop_of_handlers()
