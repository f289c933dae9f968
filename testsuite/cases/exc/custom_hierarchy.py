# oracle=cpython level=core
# Exceptions of one's own, with state, in tuples, re-raised as others.
class AppError(Exception):
    code = 1
    def __init__(self, msg, **info):
        super().__init__(msg)
        self.info = info
    def __str__(self):
        return "[%d] %s" % (self.code, self.args[0])
class NotFound(AppError):
    code = 404
class Denied(AppError):
    code = 403
    def __init__(self, who):
        super().__init__("denied for " + who, who=who)

def act(what):
    if what == "missing":
        raise NotFound("no " + what, name=what)
    if what == "secret":
        raise Denied("bob")
    if what == "bug":
        raise TypeError("bug")
    return what

for what in ("ok", "missing", "secret", "bug"):
    try:
        print(act(what))
    except NotFound as e:
        print("not found:", e, sorted(e.info.items()), e.code)
    except AppError as e:
        print("app:", e, e.info["who"], isinstance(e, AppError), type(e).__name__)
    except (TypeError, ValueError) as e:
        try:
            raise AppError("wrapped " + str(e))
        except AppError as w:
            print(w, w.args)
errors = (KeyError, IndexError)
def lookup(c, k):
    try:
        return c[k]
    except errors as e:
        return type(e).__name__
print(lookup([1], 5), lookup({}, 5), lookup([1], 0))
class Silent(Exception): pass
def swallow(f):
    def inner(*a):
        try:
            return f(*a)
        except Silent:
            return "silenced"
    return inner
@swallow
def noisy(x):
    if x:
        raise Silent
    return "quiet"
print(noisy(0), noisy(1))
