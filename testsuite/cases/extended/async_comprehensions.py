# oracle=cpython level=core syntax=extended
# Comprehensions over asynchronous iterators, and await inside comprehensions.
class Arange:
    def __init__(self, n): self.n, self.i = n, 0
    def __aiter__(self): return self
    async def __anext__(self):
        if self.i >= self.n:
            raise StopAsyncIteration
        self.i += 1
        return self.i - 1

async def double(x): return x * 2

async def main():
    print([x async for x in Arange(3)])
    print([x * 10 async for x in Arange(5) if x % 2])
    print(sorted({x async for x in Arange(3)}))
    print({x: x * x async for x in Arange(3)} == {0: 0, 1: 1, 2: 4})
    print([await double(x) for x in range(3)])
    print([await double(x) async for x in Arange(3)])
    print([(x, y) async for x in Arange(2) for y in "ab"])
    print([x for x in range(4) if await double(x) > 2])

def run(coro):
    try:
        while True:
            coro.send(None)
    except StopIteration:
        pass

run(main())
