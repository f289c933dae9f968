# oracle=cpython level=minimal syntax=extended
# A walrus in a comprehension may bind a name declared global outside it.
def h():
    global made
    [made := i for i in range(3)]

h()
print(made)

def k():
    global total
    def inner():
        return [total := total + v for v in (1, 2)]
    return inner()

total = 0
print([total := total + v for v in [1, 2, 3]], total)
try:
    print(k())
except NameError:
    print("local")
print(total)
