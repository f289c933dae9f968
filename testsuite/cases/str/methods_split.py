# oracle=cpython level=core
# Splitting and joining.
print("a b  c".split(), " a  b ".split(), "".split(), "   ".split())
print("a,b,,c".split(","), ",a,".split(","), "".split(","), "abc".split(","))
print("a b c d".split(None, 2), "a,b,c,d".split(",", 2), "a,b".split(",", 0), "a--b--c".split("--"))
print("a b  c".rsplit(), "a,b,c".rsplit(",", 1), "a,b,c".rsplit(","), "a b c d".rsplit(None, 2) if False else "")
print(" \t\n a\r\n b".split())
try:
    "a".split("")
except ValueError:
    print("empty separator")
print(",".join(["a", "b", "c"]), "".join([]), "-".join("xyz"), ", ".join(("1",)), "".join(c for c in "gen"))
for bad in ([1], ["a", None]):
    try:
        ",".join(bad)
    except TypeError:
        print("TypeError")
print("abcabc".replace("b", "XX"), "abc".replace("", "-"), "aaa".replace("a", "b", 2), "abc".replace("z", "y"))
print("aaaa".replace("aa", "b"), "abc".replace("abc", ""), "x".replace("x", "xx"))
