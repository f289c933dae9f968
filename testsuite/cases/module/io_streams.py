# oracle=cpython level=core
# StringIO and BytesIO.
import io
s = io.StringIO()
print(s.write("hello "), s.write("world"), repr(s.getvalue()))
s.seek(0)
print(s.read(5), s.read(), repr(s.read()))
s = io.StringIO("line 1\nline 2\nlast")
print(repr(s.readline()), repr(s.read(3)), [l for l in s])
with io.StringIO("ctx") as f:
    print(f.read())
b = io.BytesIO(b"\x01\x02\x03\x04")
print(b.read(2), b.read(), b.read())
b = io.BytesIO()
b.write(b"abc")
b.write(bytearray(b"def"))
print(b.getvalue(), b.tell(), b.seek(1), b.read(2), b.seek(-1, 2), b.read())
buf = bytearray(4)
b.seek(0)
print(b.readinto(buf), buf)
print("printed", 1, file=s) if False else None
out = io.StringIO()
print("to", "stream", file=out)
print(repr(out.getvalue()))
c = io.StringIO("x")
c.close()
try:
    c.read()
except ValueError:
    print("closed")
