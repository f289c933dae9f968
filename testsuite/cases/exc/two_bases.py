# oracle=cpython level=core engines=hognose,boards
# An exception class may derive from several that are built in, if one is a base of the other's.
class App(Exception):
    pass


class BadValue(App, ValueError):
    pass


class Missing(KeyError, App):
    pass


for cls, base in ((BadValue, ValueError), (BadValue, App), (Missing, KeyError), (Missing, LookupError)):
    try:
        raise cls("x", 1)
    except base as e:
        print(type(e).__name__, e.args, isinstance(e, App), base.__name__)
try:
    class Both(int, str):
        pass
except TypeError:
    print("int and str have nothing in common")
