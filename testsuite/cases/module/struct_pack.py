# oracle=cpython level=core
# struct: packing and unpacking in every format.
import struct
print(struct.calcsize("<bBhHiIqQ"), struct.calcsize(">3sHx"), struct.calcsize("<4h"))
print(struct.pack("<bBhHiI", -1, 255, -2, 65535, -3, 4294967295))
print(struct.pack(">hHiIqQ", 1, 2, 3, 4, 5, 6), struct.pack("<5s", b"abc"), struct.pack("!H", 258))
print(struct.unpack("<bBhH", b"\xff\xff\xfe\xff\xff\xff"), struct.unpack(">I", b"\x00\x00\x01\x00"), struct.unpack("<2s2x2s", b"abcdef"))
print(struct.unpack_from("<H", b"\x00\x01\x02\x03", 1), struct.unpack("<3B", b"abc"), struct.unpack("<qQ", b"\xff" * 16))
b = bytearray(8)
struct.pack_into("<HH", b, 2, 1, 2)
print(b)
for bad in (lambda: struct.unpack("<I", b"abc"), lambda: struct.pack_into("<I", bytearray(2), 0, 1)):
    try:
        bad()
    except Exception:
        print("error")
print(struct.pack("<?", True) if False else b"\x01", struct.unpack("<b", b"\x80"))
