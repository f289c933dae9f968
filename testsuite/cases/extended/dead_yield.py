# oracle=cpython level=minimal syntax=extended
# Code that cannot run still says what kind of function and name it is in.
def gen_if_zero():
    if 0:
        yield
    return 5
try:
    next(gen_if_zero())
except StopIteration as e:
    print("stop", e.value)

def dead_nonlocal():
    v = 1
    def inner():
        if False:
            nonlocal v
            v = 2
        return v
    return inner()
try:
    print(dead_nonlocal())
except NameError:
    print("unbound")
x = "global"
def local_by_dead_store():
    if 0:
        x = 1
    try:
        return x
    except NameError:
        return "x is local and unbound"
print(local_by_dead_store())
