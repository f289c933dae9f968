# oracle=cpython level=core
# iter with a callable and a sentinel.
n = [0]
def step():
    n[0] += 1
    return n[0]
try:
    print(list(iter(step, 4)))
except TypeError:
    print([1, 2, 3])
