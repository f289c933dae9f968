# oracle=cpython level=core
# Equal strings made in different ways are equal and hash alike.
a = "inter" + "ned"
b = "".join(["int", "er", "ned"])
c = "xinternedx"[1:-1]
d = "INTERNED".lower()
e = b"interned".decode()
f = "%s" % "interned"
g = "{}".format("interned")
print(all(x == a for x in (b, c, d, e, f, g)))
table = {a: 1}
print([table[x] for x in (b, c, d, e, f, g)])
class O: pass
o = O()
setattr(o, b, 5)
print(o.interned, getattr(o, c), hasattr(o, d))
print(len({a, b, c, d, e, f, g}))
long = "x" * 300
print(long == "".join("x" for _ in range(300)), {long: 1}["x" * 300])
