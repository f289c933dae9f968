# oracle=cpython level=core engines=hognose,boards
# Classes come in tuples of tuples; what is no class is an error.
print(isinstance(1, (str, (float, (int,)))), issubclass(bool, ((), (int,))), isinstance("a", ()))
for classes in (5, (1, 2), (str, 5), ((str, "a"),)):
    try:
        print(isinstance(1, classes))
    except TypeError:
        print("TypeError")

def nested(n):
    t = (int,)
    for _ in range(n):
        t = (t,)
    return t


print(isinstance(1, nested(5)))
