# oracle=cpython level=core
# __hash__, __bool__, __len__ in conditions and containers.
class H:
    def __init__(self, k): self.k = k
    def __hash__(self): return 7
    def __eq__(self, o): return self.k == o.k
d = {}
for i in range(20):
    d[H(i)] = i
print(len(d), d[H(3)], d[H(19)], H(20) in d)
del d[H(5)]
print(len(d), H(5) in d, d[H(6)])
s = {H(1), H(1), H(2)}
print(len(s))
class Falsy:
    def __bool__(self): return False
class Sized:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
print([bool(x) for x in (Falsy(), Sized(0), Sized(3))])
print("t" if Sized(1) else "f", "t" if not Falsy() else "f")
while Falsy():
    print("never")
class NoHash:
    def __eq__(self, o): return True
    __hash__ = None
try:
    {NoHash(): 1}
except TypeError:
    print("unhashable")
for x in ([], {}, set(), bytearray(b"")):
    try:
        hash(x)
    except TypeError:
        print("unhashable")
print(hash(1) == hash(1.0) == hash(True), hash("a") == hash("a"), hash((1, 2)) == hash((1, 2)))
