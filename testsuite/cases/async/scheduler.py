# oracle=cpython level=core
# A tiny round-robin scheduler of coroutines.
class Switch:
    def __await__(self):
        yield
    __iter__ = __await__

log = []

async def worker(name, n):
    for i in range(n):
        log.append("%s%d" % (name, i))
        await Switch()
    return name

async def parent():
    r = await worker("p", 2)
    log.append("parent got " + r)

def run(*coros):
    queue = list(coros)
    while queue:
        c = queue.pop(0)
        try:
            c.send(None)
        except StopIteration:
            pass
        else:
            queue.append(c)

run(worker("a", 3), parent(), worker("b", 1))
print(log)
def gen_based():
    x = yield from worker("g", 1).__await__() if hasattr(worker("q", 0), "__await__") else worker("g", 1)
    return x
