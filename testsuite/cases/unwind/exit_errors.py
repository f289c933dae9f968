# oracle=cpython level=minimal
# Exceptions in __enter__, __exit__ and in the expression itself.
class CM:
    def __init__(self, enter=None, leave=None):
        self.enter, self.leave = enter, leave
    def __enter__(self):
        if self.enter: raise self.enter
    def __exit__(self, *a):
        print("exit", a[0] and a[0].__name__)
        if self.leave: raise self.leave

for make in (lambda: CM(ValueError("in enter")),
             lambda: CM(None, KeyError("in exit")),
             lambda: int("bad")):
    try:
        with make():
            print("body")
    except Exception as e:
        print(type(e).__name__)
try:
    with CM(None, KeyError("second")):
        raise ValueError("first")
except KeyError as e:
    print("replaced", e.args)
class NoExit:
    def __enter__(self): return 1
try:
    with NoExit():
        print("never")
except AttributeError:
    print("no exit")
except TypeError:
    print("no exit")
try:
    with 5:
        pass
except (AttributeError, TypeError):
    print("no manager")
