# oracle=cpython level=full
# re: substitution.
import re
print(re.sub("a", "b", "banana"), re.sub("[0-9]+", lambda m: str(int(m.group(0)) + 1), "a1b22"), re.sub("x", "y", "abc"), re.sub("a", "b", "aaa", 2))
print(re.sub("(a)(b)", "\\2\\1", "abab"), re.compile("l+").sub("L", "hello all"))
