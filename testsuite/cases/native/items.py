# oracle=cpython level=core
# Items by index: of lists, of bytes, of what only looks like them.
from array import array
from collections import namedtuple

def total(items, n):
    got = 0
    for i in range(n):
        got += items[i] * (i + 1)
    return got

def backwards(items, n):
    return [items[-i - 1] for i in range(n)]

def fill(items, n, value):
    for i in range(n):
        items[i] = value
    return items

def step(items, n):
    for i in range(n):
        items[i] ^= 0x55
        items[i] = (items[i] + 200) & 0xFF
    return items

def attempt(f, *args):
    try:
        print(f(*args))
    except (TypeError, IndexError, ValueError, OverflowError, KeyError) as e:
        print("refused", isinstance(e, IndexError))

class Fake:
    def __init__(self, *items):
        self.items = items
    def __getitem__(self, i):
        return self.items[i] + 1
    def __setitem__(self, i, value):
        print("set", i, value)

Lookalike = namedtuple("bytes", ("a", "b", "c"))
Other = namedtuple("bytearray", ("a", "b", "c"))

class bytes2(bytes):
    pass

class mine(list):
    pass

made = type("bytearray", (Fake,), {})

for items in ([1, 2, 3], (1, 2, 3), b"\x01\x02\xff", bytearray(b"\x01\x80\xff"), array("h", (1, -2, 3)),
              memoryview(b"abc"), {0: 1, 1: 2, 2: 3}, Fake(1, 2, 3), Lookalike(4, 5, 6), Other(7, 8, 9),
              bytes2(b"xyz"), mine((1, 2, 3)), made(5, 6, 7), range(3)):
    attempt(total, items, 3)
    attempt(total, items, 4)
    attempt(backwards, items, 3)

for items in ([1, 2, 3], (1, 2, 3), b"\x01\x02\xff", bytearray(b"\x01\x80\xff"), array("B", (1, 2, 3)),
              memoryview(bytearray(b"abc")), {}, Fake(1), Lookalike(4, 5, 6), Other(7, 8, 9), made(1),
              mine((1, 2, 3))):
    for value in (0, 255, 7):
        attempt(lambda: list(fill(items, 3, value)) if type(items) not in (Fake, made) else fill(items, 2, value) and 0)

attempt(step, bytearray(range(250, 256)), 6)
attempt(step, [1, 2, 3], 3)
attempt(step, bytearray(2), 3)
attempt(step, b"ab", 2)
for value in ("a", None, 1.5, [1]):
    attempt(fill, bytearray(3), 2, value)
buffer = bytearray(4)
buffer[True] = True
buffer[False] = 9
fill(buffer, 2, True)
print(buffer, buffer[True])
grows = bytearray()
for i in range(40):
    grows.append(i)
    grows[i] = grows[i] + grows[i // 2]
print(total(grows, 40), len(grows))

def swap(items, n):
    for i in range(n):
        items[i], items[n - i] = items[n - i], items[i]
    return items

def deleted(items, n):
    for i in range(n):
        del items[0]
        print(items[0])

print(swap([1, 2, 3, 4], 3), swap(bytearray(b"abcd"), 3))
attempt(deleted, [1, 2, 3], 3)
