# oracle=cpython level=full engines=hognose needs=cpython
# An object of a class derived from str is a text wherever one is asked for; a class derived
# from a named tuple may have a __new__ of its own.
from collections import namedtuple


class Name(str):
    def shout(self):
        return self.upper()


n = Name("shout")
print(getattr(n, Name("shout"))(), f"{n:>8}", "{:<7}|".format(n), "%s" % n)
print(bytes(Name("ab"), "utf8"), eval(Name("1 + 1")), __import__(Name("sys")).__name__)
print(1, 2, sep=Name("-"), end=Name("!\n"))
setattr(n, Name("size"), 5)
print(n.size, int(Name("12")), "a-b".split(Name("-")), hasattr(n, Name("size")))

Point = namedtuple("Point", ["x", "y"])


class Shifted(Point):
    def __new__(cls, x, y=10):
        return super().__new__(cls, x + 1, y)

    @property
    def norm(self):
        return self.x * self.x + self.y * self.y


p = Shifted(1)
print(p.x, p.y, p.norm, p == (2, 10), len(p), isinstance(p, Point))


def numbers():
    try:
        yield 1
    except KeyError as e:
        yield e.args


g = numbers()
next(g)
print(g.throw(KeyError, "key"))
print({range(5): 1}[range(5)], hash(range(0)) == hash(range(3, 1)), hash(range(1, 2, 3)) == hash(range(1, 2)))
