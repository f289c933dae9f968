# oracle=cpython level=core
# return in generators, StopIteration and its value in every position.
def g(n):
    for i in range(n):
        got = yield i
        if got == "stop":
            return "stopped at %d" % i
    return "ran out"
def drive(gen, sends):
    out = [next(gen)]
    try:
        for s in sends:
            out.append(gen.send(s))
    except StopIteration as e:
        out.append(e.value)
    return out
print(drive(g(3), [None, "stop"]), drive(g(2), [None, None]), drive(g(1), ["x"]))
def outer():
    a = yield from g(2)
    b = yield from g(1)
    return a, b
print(drive(outer(), [None, None, None]))
def early():
    if True:
        return 1
    yield
try:
    next(early())
except StopIteration as e:
    print(e.value)
def in_try():
    try:
        yield 1
        return "from try"
    finally:
        yield "from finally"
print(drive(in_try(), [None, None]))
def in_with():
    class CM:
        def __enter__(self): return self
        def __exit__(self, *a): print("exit", a[0])
    with CM():
        yield 1
        return 2
print(drive(in_with(), [None]))
def none():
    yield
print(drive(none(), [None]), list(none()))
def nested():
    def inner():
        return (yield "inner")
    x = yield from inner()
    yield x
print(drive(nested(), ["sent", None]))
