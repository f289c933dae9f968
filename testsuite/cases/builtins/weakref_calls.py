# oracle=cpython level=full engines=hognose
# Weak references: what they answer while the object lives and once it is gone.
import gc
import weakref


class Node:
    def __init__(self, name):
        self.name = name


log = []


def refer(n):
    node = Node(n)
    seen = weakref.ref(node)
    told = weakref.ref(node, lambda r: log.append(r()))
    last = weakref.finalize(node, lambda *a, **k: log.append((a, k)), n, two=2)
    print(seen() is node, seen == told, hash(seen) == hash(told), last.alive)
    return seen, told, last


# A collector that looks at the machine's stack may keep one of them.
groups = [refer(n) for n in range(5)]
gc.collect()
gone = [g for g in groups if g[0]() is None]
print(len(gone) >= 3, len(log) == 2 * len(gone), log.count(None) == len(gone))
for seen, told, last in gone:
    if (seen(), told(), last.alive, last.peek(), last()) != (None, None, False, None, None):
        print("still there")
print(((1,), {"two": 2}) in log or ((2,), {"two": 2}) in log)

keep = Node("b")
table = {weakref.ref(keep): "value"}
print(table[weakref.ref(keep)])
f = weakref.finalize(keep, lambda: 42)
print(f.peek()[0] is keep, f.peek()[2:], f(), f(), f.alive)
f = weakref.finalize(keep, log.append, "never")
print(f.detach()[1:3] == (log.append, ("never",)), f.detach(), f.alive)

for value in (None, 1, ()):
    try:
        weakref.ref(value)
    except TypeError:
        print("TypeError", value)


class Noisy:
    def __del__(self):
        log.append("del")


def together():
    noisy = Noisy()
    return weakref.ref(noisy, lambda r: log.append("ref"))


log.clear()
refs = [together() for _ in range(5)]
gc.collect()
gone = sum(r() is None for r in refs)
print(gone >= 3, log.count("ref") == gone, log.count("del") >= gone)
