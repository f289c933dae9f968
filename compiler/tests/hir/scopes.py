"""Documentation"""
from micropython import const

_PRIVATE = const(1 << 4)
PUBLIC: int = const((_PRIVATE, "x"))


def outer(a, b=_PRIVATE, /, c=2, *args, k, kk=PUBLIC[0], **kw):
    x = a
    def inner():
        nonlocal x
        global g
        x += b
        g = [x for x in c if x]
        return lambda y=x: (y, kw, (z := y))
    return inner


class C(Base, metaclass=M):
    x = outer
    def method(self):
        return super().method(self.x, __class__)


async def co(it):
    async with it as x:
        return [await y async for y in x]
