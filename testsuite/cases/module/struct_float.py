# oracle=cpython level=core needs=f64
# struct: floating point formats.
import struct
print(struct.pack("<f", 1.5), struct.pack(">d", -2.25), struct.unpack("<f", b"\x00\x00\xc0\x3f"), struct.unpack(">d", b"\xc0\x02\x00\x00\x00\x00\x00\x00"))
print(struct.unpack("<2f", struct.pack("<2f", 0.5, -0.25)), struct.unpack("<d", struct.pack("<d", 0.1)))
print(struct.pack("<f", float("inf")), struct.pack("<d", 0.0), struct.unpack("<f", struct.pack("<f", 0.1)))
