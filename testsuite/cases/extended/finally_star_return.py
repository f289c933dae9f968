# oracle=cpython level=minimal syntax=extended
# Stars in return and yield, inside try blocks and generators.
def f(a, b):
    try:
        return *a, *b
    finally:
        print("finally")

def g(*its):
    for it in its:
        yield *it, len(it)

print(f([1], (2, 3)), list(g("ab", [1])))
def h():
    x = yield *"ab", 1
    return x, *x
it = h()
print(next(it))
try:
    it.send((5, 6))
except StopIteration as e:
    print(e.value)
