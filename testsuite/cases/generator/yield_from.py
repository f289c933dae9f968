# oracle=cpython level=minimal
# Delegation: values, results, send, throw and close pass through.
def inner(n):
    got = []
    for i in range(n):
        got.append((yield i))
    return got

def outer():
    r = yield from inner(2)
    print("inner gave", r)
    r = yield from [7, 8]
    print("list gave", r)
    yield from ()
    return "outer result"

g = outer()
print(next(g), g.send("a"), g.send("b"), next(g))
try:
    next(g)
except StopIteration as e:
    print(e.value)

def thrower():
    try:
        yield 1
    except KeyError:
        print("inner saw KeyError")
        yield "recovered"
    finally:
        print("inner finally")

def deleg():
    try:
        yield from thrower()
    except ValueError:
        print("outer saw ValueError")
        yield "outer"

d = deleg()
next(d)
print(d.throw(KeyError))
print(d.throw(ValueError))
d = deleg()
next(d)
d.close()

def chain(*its):
    for it in its:
        yield from it
print(list(chain("ab", range(2), (x for x in "z"))))

class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration("by hand")
        return self.n
def f():
    r = yield from It()
    yield r
print(list(f()))
def deep(n):
    if n:
        yield n
        yield from deep(n - 1)
print(list(deep(5)))
