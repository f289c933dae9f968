# oracle=cpython level=full engines=hognose needs=cpython
# Exceptions take attributes.
e = ValueError("a")
e.x = 5
print(e.x, e.args, e.__cause__, e.__context__)
e.args = (1, 2)
print(e.args, e.__dict__)
del e.x
print(hasattr(e, "x"))
try:
    del e.x
except AttributeError:
    print("AttributeError")


class Mine(Exception):
    pass


m = Mine("text")
m.code = 7
try:
    raise m
except Mine as caught:
    print(caught.code, caught is m)
