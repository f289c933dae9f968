# oracle=cpython level=core
# Indexing, iteration, concatenation, repetition, comparison.
s = "abcdef"
print(s[0], s[-1], s[2:4], s[-3:-1], s[10:], s[::1])
for i in (6, -7):
    try:
        s[i]
    except IndexError:
        print("IndexError")
try:
    s["a"]
except TypeError:
    print("TypeError")
try:
    s[0] = "x"
except TypeError:
    print("immutable")
print([c for c in "xyz"], list("ab"), tuple("cd"), sorted("hello"), len(s))
print("ab" + "cd", "ab" * 3, 2 * "xy", "ab" * 0, "ab" * -1)
print("a" < "b", "a" < "aa", "" < "a", "abc" == "abc", "abc" != "abd", "B" < "a", "a" >= "a")
print(min("hello"), max("hello"), "".join(reversed("abc")))
for f in (lambda: "a" + 1, lambda: "a" * "b", lambda: "a" - "b", lambda: "a" < 1):
    try:
        f()
    except TypeError:
        print("TypeError")
print("a" == 1, "1" == 1, "a" != b"a")
print(ord("a"), chr(98), chr(0x41), ord("\n"))
