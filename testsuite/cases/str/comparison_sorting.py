# oracle=cpython level=core
# Ordering of strings, by character and by key.
names = ["bob", "Alice", "carol", "Bob", "alice", "", "b", "ab", "abc", "Z", "0", "_", " "]
print(sorted(names))
print(sorted(names, key=lambda s: (len(s), s)), sorted(names, key=lambda s: s.lower())[:4])
print(min(names), max(names), "abc" < "abd", "abc" < "ab", "" < "a", "Z" < "a", "10" < "9")
print("a" == "a", "a" is not None, "ab" == "a" + "b", "abc" != "abc ", "é" > "e" if len("é") == 1 else True)
pairs = sorted((w[::1], i) for i, w in enumerate(["b", "a", "b", "a"]))
print(pairs)
print([a < b for a, b in zip("abc", "bbb")], all(a <= b for a, b in zip("abc", "bcd")))
print(sorted(["a10", "a9", "a1"]), sorted("banana"), "".join(sorted("hello world")).strip())
print("b" in ["a", "b"], ["a", "b"].index("b"), ("x", "y") < ("x", "z"), ["b"] > ["a", "z"])
