# oracle=cpython level=core
# Decorators on functions, methods and classes, in order.
def deco(tag):
    print("make", tag)
    def wrap(f):
        print("apply", tag, f.__name__ if hasattr(f, "__name__") else f)
        def inner(*a, **k):
            return tag, f(*a, **k)
        return inner
    return wrap

@deco("a")
@deco("b")
def f(x):
    return x

print(f(1))

def twice(f):
    return lambda *a: f(f(*a))

class C:
    @staticmethod
    def s(x): return x + 1
    @classmethod
    def c(cls, x): return cls.__name__, x
    @property
    def p(self): return "prop"
    @deco("m")
    def m(self, x): return x * 2

print(C.s(1), C().s(2), C.c(3), C().c(4), C().p, C().m(5))

@twice
def inc(x): return x + 1
print(inc(1))

def register(cls):
    cls.registered = True
    return cls

@register
class D: pass
print(D.registered)
