# oracle=cpython level=core
# Assigning to and deleting slices of a list.
l = list(range(6))
l[1:3] = ["a", "b", "c"]
print(l)
l[0:0] = [-1]
print(l)
l[2:5] = []
print(l)
l[len(l):] = [7, 8]
print(l)
del l[1:3]
print(l)
l[:] = [0, 1, 2, 3]
print(l)
del l[:]
print(l)
l = list(range(10))
del l[1]
del l[-1]
print(l)
b = bytearray(b"hello")
b[1:3] = b"EL"
print(b)
b[5:] = b" world"
print(b)
