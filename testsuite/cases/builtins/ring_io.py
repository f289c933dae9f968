# oracle=stock level=full engines=hognose
# RingIO: bytes in the order they came, as many as there is room for.
import micropython

if not hasattr(micropython, "RingIO"):
    raise SystemExit

ring = micropython.RingIO(6)
print(ring, ring.any())
print(ring.write(b"abcdefgh"), ring.any(), ring.read(4), ring.write("ij"), ring.read())
for turn in range(8):
    ring.write(bytes([65 + turn]) * 5)
    print(ring.read(3), ring.any(), ring.read())
print(ring.write(b"x\ny"), ring.readline(), ring.readline(), ring.readline())
buffer = bytearray(4)
print(ring.write(b"12"), ring.readinto(buffer), buffer)

memory = bytearray(3)
ring = micropython.RingIO(memory)
print(ring.write(b"zz!"), memory[:2], ring.read(9), ring.read(9))
for size in (0, -1, 65535, None, "7", b"ab"):
    try:
        micropython.RingIO(size)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, size)
ring.close()
