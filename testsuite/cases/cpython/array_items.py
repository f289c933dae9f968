# oracle=cpython level=full engines=hognose needs=cpython
# Arrays lose elements, and know what they contain.
from array import array

a = array("h", [1, 2, 3, 4, 5, 6])
del a[1]
print(a, 3 in a, 2 in a, 2.5 in a)
print(a[::-1], a[::2])
del a[::2]
print(a)
del a[0:1]
print(a)
try:
    del a[9]
except IndexError:
    print("IndexError")
f = array("d", [1.5, 2.5])
del f[0]
print(f, 2.5 in f)
print(97 in b"abc", 97 in bytearray(b"abc"), 100 in bytearray(b"abc"))
