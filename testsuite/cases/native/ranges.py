# oracle=cpython level=core
# Loops over ranges that a local holds, and over what else may come in their place.
def walk(given):
    got = []
    for _ in range(2):
        for item in given:
            got.append(item)
        got.append("|")
    return got

def search(rows, wanted):
    for row in rows:
        for item in row:
            if item % 2:
                continue
            if item == wanted:
                print("found", item)
                break
        else:
            print("not in", row)

def pairs(outer):
    for a in outer:
        inner = range(a)
        for b in inner:
            outer = range(9)
            inner = None
            print((a, b), end=" ")
    print(outer)

def stored(span):
    total = 0
    for turn in range(3):
        for span in span:
            total += span
        span = range(span + 2)
    return total

def both(first, second):
    got = []
    for a in first:
        for b in second:
            got.append(a * b)
            if b > 3:
                return got
        first = ()
    return got

def returns(span):
    for i in range(5):
        for j in span:
            if i + j == 6:
                return i, j

def catches(spans):
    for span in spans:
        try:
            for item in span:
                print(10 // (item - 2), end=" ")
            print()
        except (TypeError, ZeroDivisionError) as e:
            print(type(e).__name__)

def gives(span):
    for i in range(2):
        for j in span:
            yield i, j

class Counted:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return iter(range(self.n))

class Descending:
    def __iter__(self):
        self.left = 3
        return self
    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        return self.left

# Of the same name as the type that loops know.
other = type("range", (Descending,), {})

spans = [
    range(3), range(0), range(-2, 2), range(3, 1), range(5, -1, -2), range(0, 7, 3),
    range(1 << 20, (1 << 20) + 2), range(-5, 0)[1:3], range(10)[::2],
    range((1 << 30) - 2, (1 << 30) + 1), range(-(1 << 30) - 1, 1 - (1 << 30)),
    [1, 2], (3,), "ab", b"\x01\x02", {4: 5}, {6}, bytearray(2), [], Counted(2), Descending(), other(),
    iter(range(2)), (i for i in range(2)), reversed([1, 2]), enumerate("a"), zip((1,), (2,)),
]
for span in spans:
    print(walk(span))
search([range(4), range(5), range(1, 9, 2), [8, 4]], 4)
pairs(range(4))
print(stored(range(4)))
print(both(range(1, 3), range(6)), both(range(1, 3), range(3)), both([2], range(2)))
print(returns(range(3)), returns(range(2)), returns([5, 6]))
catches([range(2), range(5), 7, range(3, 5), None, [2]])
print(list(gives(range(2))))
long = range((1 << 30) - 3, 1 << 30)
print(sum(walk(long)[:3]) == 3 * (1 << 30) - 6)
