# oracle=cpython level=core
# A small program: callbacks, queues, state machines.
class Emitter:
    def __init__(self): self.handlers = {}
    def on(self, name):
        def add(f):
            self.handlers.setdefault(name, []).append(f)
            return f
        return add
    def emit(self, name, *args, **kw):
        return [h(*args, **kw) for h in self.handlers.get(name, ())]

bus = Emitter()
@bus.on("sum")
def plain(a, b, scale=1): return (a + b) * scale
@bus.on("sum")
def text(a, b, scale=1): return "%s+%s*%s" % (a, b, scale)
print(bus.emit("sum", 1, 2), bus.emit("sum", 1, b=2, scale=3), bus.emit("none"))

def machine():
    state, seen = "idle", []
    while True:
        event = yield state, tuple(seen)
        if state == "idle" and event == "coin":
            state = "ready"
        elif state == "ready" and event == "push":
            state = "idle"
            seen.append("passed")
        elif event == "reset":
            state, seen = "idle", []
        else:
            seen.append("ignored " + event)

m = machine()
next(m)
for e in ("push", "coin", "coin", "push", "reset", "coin"):
    print(e, m.send(e))
memo = {}
def cached(f):
    def inner(*a):
        key = (id(f), a)
        if key not in memo:
            memo[key] = f(*a)
        return memo[key]
    return inner
@cached
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(50), len(memo))
