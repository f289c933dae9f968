# oracle=cpython level=core
# bytearray: mutable bytes.
b = bytearray(b"abc")
b[0] = 65
b.append(100)
b.extend(b"ef")
print(b, len(b), b[1], list(b[:2]), bytes(b))
b += b"gh"
print(b)
b[1:3] = b"ZZZZ"
print(b)
print(bytearray(3), bytearray([1, 2]), bytearray(b"x") + b"y", bytearray("s", "utf-8"), bytearray())
print(b == bytearray(b), b == bytes(b), b"AB" == bytearray(b"AB"))
for bad in (lambda: b[100], lambda: bytearray(None)):
    try:
        bad()
    except (IndexError, TypeError):
        print("error")
c = bytearray(range(5))
for i in range(len(c)):
    c[i] = c[i] * 2
print(list(c), sum(c))
print(bytearray(b"hello").decode(), bytearray(b"x").upper())
d = bytearray(b"12345")
print(d[-1], d[1:-1], d[::1])
del b
