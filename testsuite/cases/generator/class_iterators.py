# oracle=cpython level=core
# Generators as methods, iterators with state, generators that share state.
class Tree:
    def __init__(self, v, *kids): self.v, self.kids = v, kids
    def __iter__(self):
        yield self.v
        for k in self.kids:
            yield from k
    def depth_first(self, level=0):
        yield level, self.v
        for k in self.kids:
            for x in k.depth_first(level + 1):
                yield x

t = Tree(1, Tree(2, Tree(3)), Tree(4))
print(list(t), list(t.depth_first()), sum(t), max(t), 3 in t, list(map(str, t)))
class Shared:
    def __init__(self): self.log = []
    def producer(self):
        for i in range(3):
            self.log.append("p%d" % i)
            yield i
    def consumer(self, source):
        for x in source:
            self.log.append("c%d" % x)
s = Shared()
s.consumer(s.producer())
print(s.log)
class Countdown:
    def __init__(self, n): self.n = n
    def __iter__(self):
        n = self.n
        while n:
            yield n
            n -= 1
c = Countdown(3)
print(list(c), list(c), [(a, b) for a in c for b in c if a > b])
def window(it, n):
    buf = []
    for x in it:
        buf.append(x)
        if len(buf) == n:
            yield tuple(buf)
            buf.pop(0)
print(list(window(range(5), 3)), list(window("ab", 3)))
def interleave(*its):
    its = [iter(i) for i in its]
    while its:
        for i in list(its):
            try:
                yield next(i)
            except StopIteration:
                its.remove(i)
print(list(interleave("abc", [1], (True, False))))
