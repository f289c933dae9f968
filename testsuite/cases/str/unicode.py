# oracle=cpython level=core
# Strings of characters beyond ASCII.
s = "aéb日c😀"
print(len(s), [c for c in s], s[1], s[3], s[-1], s[1:4])
print(s.find("日"), s.index("😀"), "é" in s, s.split("日"), s.replace("é", "e"))
print([ord(c) for c in s], chr(0x65E5), chr(0x1F600), chr(233))
print(s.encode(), len(s.encode()), s.encode().decode() == s, bytes("ñ", "utf-8"))
print("ñ" < "z", "日" > "a", "é" * 3, "é" + "日")
print(repr("é"), repr("日本"), ascii("x") if False else "", "%s" % "日")
print("áb".startswith("á"), "áb".endswith("b"), "aáa".strip("a"), s.rfind("c"))
d = {"é": 1, "日本": 2}
print(d["日本"], sorted(d))
class Ünïcode:
    ñ = 5
print(Ünïcode.ñ)
αβγ = "greek"
print(αβγ)
print(b"\xc3\xa9".decode(), str(b"\xe6\x97\xa5", "utf-8"))
try:
    b"\xff".decode()
except UnicodeError:
    print("UnicodeError")
print("\u00e9" == "é", len("\U0001F600"), "é".upper() in ("É", "é"))
