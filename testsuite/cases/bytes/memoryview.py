# oracle=cpython level=core
# memoryview shares storage.
b = bytearray(b"abcdef")
m = memoryview(b)
print(len(m), m[0], bytes(m[1:3]), list(m[2:4]))
m[0] = 65
m[1:3] = b"BC"
print(b)
s = m[2:5]
s[0] = 120
print(b, bytes(s), len(s))
print(m == memoryview(b), m == b, m[:3] == b"ABx")
r = memoryview(b"const")
try:
    r[0] = 1
except TypeError:
    print("read only")
print(bytes(r), r[-1], bytes(r[-3:]))
import array
a = array.array("H", [1, 2, 3])
n = memoryview(a)
n[1] = 500
print(list(a), len(n), list(n[1:]), n.itemsize)
for bad in (lambda: m[100], lambda: m.__setitem__(0, 256)):
    try:
        bad()
        print("no error")
    except (IndexError, ValueError, OverflowError, AttributeError):
        print("error")
