# oracle=cpython level=minimal
# yield as statement and expression, exhaustion, return values.
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1

print(list(count(3)), tuple(count(0)), sum(count(5)))
g = count(2)
print(next(g), next(g), next(g, "default"))
try:
    next(g)
except StopIteration as e:
    print("stop", e.args)

def with_return():
    yield 1
    return "result"

g = with_return()
next(g)
try:
    next(g)
except StopIteration as e:
    print("value", e.value, e.args)

def bare():
    x = yield
    print("got", x)
    y = yield x
    print("got", y)

b = bare()
print(next(b), b.send("a"))
try:
    b.send("b")
except StopIteration:
    print("end")
print(iter(b) is b)

def tuple_yield():
    a = yield 1, 2
    yield (a, a)
t = tuple_yield()
print(next(t), t.send(5))
def nothing():
    return
    yield
print(list(nothing()))
def expr():
    return [(yield 1), (yield 2)]
e = expr()
print(next(e), e.send("x"))
try:
    e.send("y")
except StopIteration as s:
    print(s.value)
