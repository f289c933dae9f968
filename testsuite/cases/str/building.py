# oracle=cpython level=core
# Building long strings in every way.
s = ""
for i in range(100):
    s += str(i) + ","
print(len(s), s[:20], s[-10:])
parts = []
for i in range(50):
    parts.append("%d:%s" % (i, chr(97 + i % 26)))
t = " ".join(parts)
print(len(t), t[:30])
print("=" * 40)
print("-".join(str(c) for c in range(10)), "".join(["a"] * 5), ("ab" * 3).replace("ba", "-"))
u = "line one\nline two\n\nline four"
print(u.split("\n"), len(u.split("\n")), [l for l in u.split("\n") if l])
def rev(x): return "".join(reversed(x))
print(rev("abc"), rev(""), rev("a"), rev(rev("hognose")) == "hognose")
def caesar(x, n): return "".join(chr((ord(c) - 97 + n) % 26 + 97) if c.isalpha() else c for c in x)
print(caesar("hello world", 3), caesar(caesar("hello world", 3), -3))
words = "the quick brown fox jumps over the lazy dog".split()
print(" ".join(w[0].upper() + w[1:] for w in words), max(words, key=len), sorted(set(len(w) for w in words)))
print([w for w in words if "o" in w], "".join(w[0] for w in words), {len(w): w for w in words}[4])
print("%s and %s" % ("a" * 50, "b" * 3), len("%s" % ("x" * 300)))
b = bytearray()
for i in range(20):
    b.extend(b"%d " % i if False else str(i).encode() + b" ")
print(bytes(b))
x = "abc"
x = x + x
x = x + x
print(x, x.count("abc"), x.find("cab"), x.rfind("abc"))
