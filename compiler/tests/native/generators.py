# Generators, delegation, coroutines, closures and comprehensions.
def plain(n):
    total = 0
    for i in range(n):
        got = yield i
        total += got or 0
    return total


def guarded():
    try:
        while True:
            try:
                x = yield "ready"
                print("got", x)
            except ValueError as e:
                print("value", e.args)
    finally:
        print("closing")


def delegating():
    result = yield from plain(3)
    print("result", result)
    try:
        yield from guarded()
    except KeyError:
        print("key")
    return "end"


g = delegating()
print(next(g), g.send(10), g.send(20))
print(g.send(30))
print(g.send("x"))
print(g.throw(ValueError(1, 2)))
try:
    g.throw(KeyError())
except StopIteration as e:
    print("stop", e.value)
g = guarded()
next(g)
g.close()
g = plain(2)
try:
    g.throw(IndexError)
except IndexError:
    print("index")
print(list(plain(3)), list(g))


def counter(start):
    count = start

    def step(by=1, *more, key=0, **kw):
        nonlocal count
        count += by + sum(more) + key + sum(kw.values())
        return count

    return step, lambda: count


step, show = counter(10)
print(step(), step(5), step(1, 2, 3), step(key=4), step(z=7), show())
print([x * y for x in range(3) for y in range(3) if x != y])
print({x: [y for y in range(x)] for x in range(3)}, sorted({x % 3 for x in range(9)}))
print(list(x + step() for x in range(3)))


class Awaitable:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return (self.value, got)

    __iter__ = __await__


class Manager:
    async def __aenter__(self):
        print("aenter", await Awaitable("in"))
        return self

    async def __aexit__(self, *args):
        print("aexit", await Awaitable("out"), args[0])


class Items:
    def __init__(self):
        self.n = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.n += 1
        if self.n > 2:
            raise StopAsyncIteration
        return await Awaitable(self.n)


async def main():
    async with Manager():
        async for item in Items():
            print("item", item)
            if item[0] == 2:
                return "returned"


task = main()
try:
    sent = None
    while True:
        print("yielded", task.send(sent))
        sent = "s"
except StopIteration as e:
    print(e.value)
