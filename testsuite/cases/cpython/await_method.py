# oracle=cpython level=full engines=hognose needs=cpython
# __await__ gives the iterator that await runs.
class Twice:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        got = yield self.v
        return got * 2


async def main():
    return await Twice(1) + await Twice(2)


c = main()
print(c.send(None), c.send(10))
try:
    c.send(20)
except StopIteration as e:
    print(e.value)
