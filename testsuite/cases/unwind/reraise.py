# oracle=cpython level=minimal
# Bare raise: in the handler, in a function it calls, after nested handlers.
def again():
    raise

try:
    try:
        raise ValueError("one")
    except ValueError:
        print("handling")
        raise
except ValueError as e:
    print("again", e.args)

try:
    try:
        raise KeyError("outer")
    except KeyError:
        try:
            raise ValueError("inner")
        except ValueError:
            print("inner handled")
        raise
except KeyError as e:
    print(e.args)

try:
    raise
except RuntimeError:
    print("nothing to raise again")

def f():
    try:
        raise TypeError("t")
    except TypeError as e:
        saved = e
    raise saved
try:
    f()
except TypeError as e:
    print(e.args)
try:
    try:
        1 // 0
    finally:
        print("finally first")
except ZeroDivisionError:
    print("then handler")
