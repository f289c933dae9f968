# oracle=stock level=core engines=hognose,boards needs=speed
# Exhausted memory raises MemoryError; what was held before is intact.
kept = ["kept"] * 5
def hog():
    l = []
    while True:
        l.append(bytearray(1000))

for _ in range(3):
    try:
        hog()
    except MemoryError:
        print("MemoryError")
try:
    bytearray(10 ** 9)
except MemoryError:
    print("too big at once")
try:
    "x" * (10 ** 9)
except MemoryError:
    print("string too big")
try:
    [0] * (10 ** 8)
except MemoryError:
    print("list too big")
print(kept)
d = {}
try:
    i = 0
    while True:
        d[i] = str(i) * 10
        i += 1
except MemoryError:
    n = len(d)
    d = None
    print("dictionary", n > 100)
print([i for i in range(5)])
