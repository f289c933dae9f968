# Every kind of block, loop and unwinding, for the mutators to start from.
def loops(n):
    for i in range(n):
        while n:
            try:
                if i:
                    continue
                break
            except (ValueError, OSError) as e:
                print(e)
                return e
            finally:
                n -= 1
    else:
        return [x + i for x in (y for y in range(i)) if x]
    return {k: v for k, v in zip("ab", "cd")}


def managers(a, *args, b=None, **kw):
    with a as c, b:
        for d in c:
            with d:
                if d:
                    break
                return f(*args, **kw)
    del kw["x"], a.x
    a.b, *rest, a[1:2] = args
    return lambda: (a, rest)


def gen(x):
    try:
        y = yield x
        z = yield from y
    finally:
        for _ in y:
            try:
                return z
            finally:
                continue
    assert x and y or not z, "no"


async def tasks(q):
    async with q as r, r:
        async for s in r:
            await s
            if s:
                break
        else:
            return
    while True:
        async with q:
            break


class Shape(object):
    side = 3.5

    def area(self, unit="m", *, scale=10**20):
        try:
            return super().area() * scale
        except:
            raise
        finally:
            global total
            total = not (1 < self.side <= 7 or unit in ("x", b"y"))


from .pack import one, two as three
import pack.part
