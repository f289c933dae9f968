# oracle=cpython level=full needs=bigheap,speed
# Chains that the collector has to follow to their end, from both ends.
import gc


class Node:
    def __init__(self, value, after):
        self.value = value
        self.after = after


def chain(make, n):
    x = None
    for i in range(n):
        x = make(i, x)
    return x


N = 1000
chains = [
    chain(lambda i, x: Node([i], x), N),
    chain(lambda i, x: ([i], x), N),
    chain(lambda i, x: [x, [i]], N),
    chain(lambda i, x: {"a": x, "b": [i]}, N),
]
first = last = Node([0], None)
for i in range(N):
    last.after = last = Node([i], None)
for _ in range(20):
    gc.collect()
total = 0
x = chains[0]
while x:
    total += x.value[0]
    x = x.after
x = chains[1]
while x:
    total += x[0][0]
    x = x[1]
x = chains[2]
while x:
    total += x[1][0]
    x = x[0]
x = chains[3]
while x:
    total += x["b"][0]
    x = x["a"]
x = first
while x:
    total += x.value[0]
    x = x.after
print(total)
