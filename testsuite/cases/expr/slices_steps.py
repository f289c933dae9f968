# oracle=cpython level=core
# Steps are understood by list and range.
l = list(range(10))
print(l[::2], l[1:8:3])
print(range(10)[2:8:2], len(range(0, 10, 3)[1:]))
print(l[::-1])
