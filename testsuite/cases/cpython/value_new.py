# oracle=cpython level=full engines=hognose needs=cpython
# What __new__ of a built-in value type is given is what the object becomes.
class Tuple(tuple):
    def __new__(cls, *items):
        return super().__new__(cls, items)


class Next(int):
    def __new__(cls, v):
        return super().__new__(cls, v + 1)


class Loud(str):
    def __new__(cls, v):
        return str.__new__(cls, v + "!")


class Twice(float):
    def __new__(cls, v):
        return float.__new__(cls, v * 2)


class Made(list):
    def __new__(cls, *args):
        made = super().__new__(cls)
        made.tag = len(args)
        return made


print(Tuple(1, 2), len(Tuple()), Tuple(3)[0])
print(Next(1), Next(1) + 1, type(Next(5)) is Next)
print(Loud("a"), Loud("b").upper(), Twice(1.5) + 1)
print(Made([1, 2]), Made((1, 2)).tag)
print(int.__new__(int, 5), str.__new__(str, 7))
