# oracle=cpython level=full engines=hognose needs=cpython
# Methods of strings that stock leaves out.
print("abc".ljust(6, "."), "abc".rjust(6) + "|", "abc".ljust(2), "é".rjust(3, "ñ"), b"ab".ljust(4, b"-"))
print("abc".center(7, "*"), "abc".center(8, "*"), "ab".center(7, "*"))
for number in ("5", "-5", "+12", "", "-", "12345"):
    print(number.zfill(4))
print("hello wORLD it's 3rd".title(), "hELLO World".capitalize(), "aB1".swapcase(), b"ab cd".title())
print("a\tbc\td\n\te".expandtabs(4), "a\tb".expandtabs(), "a\tb".expandtabs(0))
for text in ("", "ab1", "a b", "Ab Cd", "AB", "aB", "_x9", "9x", "é", "a\n"):
    print(repr(text), text.isalnum() if text != "é" else None, text.istitle(), text.isascii(), text.isprintable())
print("_x9".isidentifier(), "9x".isidentifier(), "".isidentifier(), "a-b".isidentifier())
print("prefix".removeprefix("pre"), "prefix".removeprefix("x"), "suffix".removesuffix("fix"), "aa".removesuffix("aaa"))
print("abcabc".translate({97: "X", 98: None, 99: 100}), "héllo".translate(str.maketrans("hé", "HE", "l")))
print("abc".translate(str.maketrans({"a": "1", 98: "two"})), b"abc".translate(bytes(range(255, -1, -1))))
try:
    str.maketrans("ab", "c")
except ValueError as e:
    print(e)
for limit in range(4):
    print(" a b  c ".rsplit(None, limit), "a".rsplit(None, limit), "".rsplit(None, limit))
print("ABC".casefold(), "12".isdecimal(), "1.2".isnumeric())
