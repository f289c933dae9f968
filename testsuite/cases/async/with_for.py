# oracle=cpython level=core
# async with and async for with every way out.
class ACM:
    def __init__(self, n, swallow=False): self.n, self.swallow = n, swallow
    async def __aenter__(self):
        print("aenter", self.n)
        return self.n
    async def __aexit__(self, t, v, tb):
        print("aexit", self.n, t.__name__ if t else None)
        return self.swallow

class Arange:
    def __init__(self, n): self.n, self.i = n, 0
    def __aiter__(self): return self
    async def __anext__(self):
        if self.i >= self.n:
            raise StopAsyncIteration
        self.i += 1
        return self.i - 1

async def returns():
    async with ACM("r") as x:
        return x

async def main():
    async with ACM(1) as a, ACM(2) as b:
        print("body", a, b)
    async with ACM("s", True):
        raise ValueError
    try:
        async with ACM("p"):
            raise KeyError
    except KeyError:
        print("passed on")
    print(await returns())
    async for i in Arange(3):
        print("i", i)
    else:
        print("else")
    async for i in Arange(5):
        if i == 1:
            continue
        if i == 3:
            break
        async with ACM(i):
            print("in", i)
    for j in range(2):
        async with ACM(j):
            continue

def run(coro):
    try:
        while True:
            coro.send(None)
    except StopIteration as e:
        return e.value

run(main())
