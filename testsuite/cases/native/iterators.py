# oracle=cpython level=core
# Loops over everything that can be iterated, and what cannot.
class Counter:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n

class Items:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * i

def numbers(n):
    for i in range(n):
        yield i
    return "end"

def passed(n):
    got = yield from numbers(n)
    yield got

def all_of(source):
    got = []
    for item in source:
        got.append(item)
    for item in source:
        got.append(item)
    return got

for source in (range(3), range(5, 0, -2), [1, 2], (3, 4), "hé", b"ab", bytearray(b"cd"), {1: 2}, {5},
               {1: 2}.items(), Counter(3), Items(), numbers(2), passed(2), map(abs, (-1, 2)),
               zip("ab", (1, 2)), enumerate("xy"), reversed([1, 2]), filter(None, (0, 1)), iter([8, 9])):
    print(all_of(source))

def grows(items):
    for item in items:
        if item < 3:
            items.append(item + 1)
    return items

def refuse(things):
    for thing in things:
        try:
            for item in thing:
                print(item)
        except TypeError:
            print("no iterator")

def stops():
    for item in numbers(2):
        for other in Counter(2):
            if other == 0:
                break
        else:
            print("never")
        yield item, other

print(grows([0, 1]))
refuse([1, None, len, 2.5, object(), Counter])
print(list(stops()))
try:
    for i in numbers(3):
        if i == 1:
            raise ValueError(i)
except ValueError as e:
    print("left at", e)
