# oracle=cpython level=core
# Slices with every sign of start, stop and step on sequences.
s = "0123456789"
l = list(range(10))
t = tuple(l)
for a, b in ((0, 3), (2, None), (None, -2), (-3, None), (-100, 100), (5, 2), (3, 3)):
    print(s[a:b], l[a:b], t[a:b])
print(l[::2], l[::-1], l[8:2:-2], l[5::-1])
print(s[:], l[:] == l, l[:] is l)
print(b"abcdef"[1:4], bytearray(b"abcdef")[2:])

class Show:
    def __getitem__(self, k):
        return k

x = Show()
print(x[1:2], x[::], x[1:2:3], x[1:2, 3], x[..., 1:])
