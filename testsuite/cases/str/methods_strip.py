# oracle=cpython level=minimal
# Stripping white space and characters.
s = "  \t\n text \r\n "
print(repr(s.strip()), repr(s.lstrip()), repr(s.rstrip()))
print("xxabcxx".strip("x"), "xyxabcyx".strip("xy"), "abc".strip("z"), repr("xxx".strip("x")))
print("xxabcxx".lstrip("x"), "xxabcxx".rstrip("x"), repr("".strip()))
print("www.example.com".strip("cmowz."), "mississippi".rstrip("ipz"))
print(repr(" a b ".strip()), b"  x ".strip(), b"--x--".strip(b"-"))
