# oracle=cpython level=core
# Searching in strings.
s = "hello world, hello"
print(s.find("hello"), s.find("hello", 1), s.find("zzz"), s.find(""), s.find("o", 5, 8))
print(s.rfind("hello"), s.rfind("zzz"), s.rfind("o", 0, 6), s.rfind(""))
print(s.index("world"), s.rindex("l"), s.count("l"), s.count("hello"), s.count(""), s.count("ll", 4))
for f in (s.index, s.rindex):
    try:
        f("zzz")
    except ValueError:
        print("ValueError")
print(s.startswith("hell"), s.startswith("world"), s.startswith("world", 6), s.startswith(""))
print(s.endswith("hello"), s.endswith("world"), s.endswith(""))
print("ab" in s, "lo w" in s, "x" not in s)
print("aaa".count("aa"), "aaaa".find("aa", 1), "abc".find("c", -1), "abc".find("a", -10))
print("abc".find("b", 1, 1), "".find(""), "".count(""), "".find("a"))
print("mississippi".rfind("ss"), "mississippi".find("ss", 3), "mississippi".count("i"))
