# oracle=cpython level=minimal
# raise with classes, instances, causes, and things that cannot be raised.
for thing in (ValueError, ValueError("i"), KeyError, Exception("a", 1)):
    try:
        raise thing
    except Exception as e:
        print(type(e).__name__, e.args)
for bad in (1, "s", None, int, object()):
    try:
        raise bad
    except TypeError:
        print("TypeError")
class My(Exception):
    def __init__(self, a, b=2):
        super().__init__(a)
        self.b = b
try:
    raise My("m", b=5)
except My as e:
    print(e.args, e.b)
try:
    raise My
except TypeError:
    print("missing argument")
