# oracle=stock level=minimal needs=lines
# The traceback of an exception that passed through handlers.
def a():
    raise ValueError("deep", 1)

def b():
    try:
        a()
    except KeyError:
        print("never")
    finally:
        print("finally")

def c():
    try:
        b()
    except ValueError as e:
        print("seen", e.args)
        raise

c()
