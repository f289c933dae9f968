# oracle=cpython level=core
# bytes: construction, indexing, methods.
b = b"hello"
print(b, len(b), b[0], b[-1], b[1:3], list(b), b + b" x", b * 2)
print(bytes(3), bytes([1, 2, 255]), bytes("abc", "utf-8"), bytes(b"x"), bytes(range(3)), bytes())
print(b == b"hello", b != b"x", b < b"i", b"" < b"a", b == "hello")
print(b.find(b"l"), b.find(b"zz"), b.count(b"l"), b.replace(b"l", b"LL"), b.split(b"l"), b.startswith(b"he"), b.endswith(b"lo"))
print(b.upper(), b"ABC".lower(), b" x ".strip(), b"-".join([b"a", b"b"]), b"a b".split())
print(104 in b, b"ell" in b, 1 in b, b.index(b"o"), b.rfind(b"l"))
print(b.decode(), str(b, "utf-8"), repr(b"\x00\xff'\""), b"abc".isalpha(), b"1".isdigit())
for bad in (lambda: bytes([256]), lambda: bytes([-1]), lambda: b[10], lambda: bytes("x"), lambda: b.find("x")):
    try:
        print(bad())
    except (ValueError, IndexError, TypeError) as e:
        print(type(e).__name__)
try:
    b[0] = 1
except TypeError:
    print("immutable")
print(hash(b"a") == hash(bytes([97])), {b"k": 1}[b"k"])
print(int.from_bytes(b"\x01\x02", "big"), int.from_bytes(b"\x01\x02", "little"), (258).to_bytes(2, "big"), (1).to_bytes(4, "little"))
