# oracle=cpython level=core
# Case and character classes.
print("Hello World".upper(), "Hello World".lower())
for s in ("abc", "ABC", "aBc", "123", "a1", " ", "", "abc def", "ABC1"):
    print(repr(s), s.isalpha(), s.isdigit(), s.isspace(), s.isupper(), s.islower())
print("mixed 123 CASE!".upper(), "MIXED 123 case!".lower())
print([c for c in "a1 B2" if c.isalpha()])
