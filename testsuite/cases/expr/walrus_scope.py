# oracle=cpython level=minimal
# A walrus inside a comprehension binds in the function around it.
def f():
    res = [last := i for i in range(4)]
    return res, last

print(f())

def g(values):
    if any((found := v) > 2 for v in values):
        return found

print(g([1, 2, 3, 4]), g([0]))
squares = [(n := i * i) + 1 for i in range(3)]
print(squares, n)
