# oracle=cpython level=minimal
# The three ways in, at every stage of a generator's life.
def g():
    try:
        while True:
            try:
                x = yield "ready"
                print("sent", x)
            except ValueError as e:
                print("caught", e.args)
    finally:
        print("closing")

a = g()
try:
    a.send(1)
except TypeError:
    print("not started")
print(next(a))
print(a.send(5))
print(a.throw(ValueError("v")))
a.close()
a.close()
try:
    next(a)
except StopIteration:
    print("finished")
b = g()
b.close()
print("closed before start")
c = g()
try:
    c.throw(ValueError("early"))
except ValueError as e:
    print("early", e.args)
def stubborn():
    while True:
        try:
            yield 1
        except GeneratorExit:
            print("refusing")
            yield 2
d = stubborn()
next(d)
try:
    d.close()
except RuntimeError:
    print("RuntimeError")
def swallow():
    try:
        yield 1
    except GeneratorExit:
        print("left")
        return
e = swallow()
next(e)
e.close()
try:
    def running():
        next(me)
        yield
    me = running()
    next(me)
except ValueError:
    print("already executing")
