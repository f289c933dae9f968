# oracle=cpython level=core
# Coroutines driven by hand: await, results, errors, send, throw, close.
class Pause:
    def __init__(self, v): self.v = v
    def __await__(self):
        got = yield self.v
        return got
    def __iter__(self):
        got = yield self.v
        return got

async def leaf(x):
    r = await Pause(x)
    return r, x

async def tree():
    a = await leaf(1)
    b = await leaf(2)
    return a, b

c = tree()
print(c.send(None))
print(c.send("A"))
try:
    c.send("B")
except StopIteration as e:
    print(e.value)

async def guarded():
    try:
        await Pause("wait")
    except ValueError as e:
        print("caught", e.args)
        return "handled"
    finally:
        print("finally")

c = guarded()
print(c.send(None))
try:
    c.throw(ValueError("v"))
except StopIteration as e:
    print(e.value)
c = guarded()
c.send(None)
c.close()

async def immediate(): return 5
try:
    immediate().send(None)
except StopIteration as e:
    print(e.value)
async def fails():
    await leaf(0)
    raise KeyError("k")
c = fails()
c.send(None)
try:
    c.send(None)
except KeyError as e:
    print("KeyError", e.args)
