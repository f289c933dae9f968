# oracle=cpython level=core
# to_bytes and from_bytes.
for n in (0, 1, 255, 256, 65535, 2 ** 31, 2 ** 64 - 1):
    print(n, n.to_bytes(8, "little"), n.to_bytes(9, "big"))
    print(int.from_bytes(n.to_bytes(8, "little"), "little") == n)
print(int.from_bytes(b"", "big"), int.from_bytes(b"\x80\x00", "big"), int.from_bytes(bytearray([1, 2, 3]), "little"))
print((2 ** 100).to_bytes(13, "big"), int.from_bytes(b"\x01" + bytes(20), "big"))
try:
    (256).to_bytes(1, "little")
    print("no error")
except OverflowError:
    print("OverflowError")
try:
    (1).to_bytes(-1, "little")
except ValueError:
    print("ValueError")
