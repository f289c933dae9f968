# oracle=cpython level=core
# re: matching and groups.
import re
m = re.match("(a+)(b*)", "aabbc")
print(m.group(0), m.group(1), m.group(2))
print(re.match("x", "abc"), re.search("b+", "aabbbc").group(0), bool(re.match("", "")))
for pat, text in (("a.c", "abc"), ("^a", "abc"), ("c$", "abc"), ("[a-c]+", "abcd"), ("[^a]+", "bcd"), ("a|b", "b"), ("(ab)+", "ababx"), ("a?b", "b"), ("a{0}", "a") if False else ("a*?b", "aab"), (r"\d+", "123a"), (r"\w+\s\w+", "ab cd"), (r"\.", "."), ("(?:x)y", "xy"), ("a+?", "aaa"), (r"\S+", "xy z"), (r"\D", "1a")):
    m = re.search(pat, text)
    print(pat, m.group(0) if m else None)
r = re.compile("(\\w+)=(\\d+)")
m = r.search("key=42; x")
print(m.group(1), m.group(2), r.match(" key=1"))
print(re.compile("[,;]").split("a,b;c"), re.compile(" +").split("a  b c", 1))
try:
    m.group(5)
except IndexError:
    print("IndexError")
