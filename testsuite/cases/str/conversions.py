# oracle=cpython level=core
# Strings from and to numbers.
print(str(1), str(-1), str(1.5), str(True), str(None), str([1, "a"]), str((1,)), str({}))
print(int("12"), int("-12"), int("+5"), int("  7  "), int("0x1F", 16), int("ff", 16), int("z", 36), int("101", 2))
print(int("0b11", 0), int("0o17", 0), int("0xff", 0), int("10", 0), int("1_000"))
print(float("1.5"), float("-2"), float("1e3"), float(" 3.5 "), float("inf"), float("-INF"), float("nan") != float("nan"))
for bad in ("", " ", "1.5", "x", "0x10", "--1", "1 2"):
    try:
        print(bad, int(bad))
    except ValueError:
        print("ValueError", repr(bad))
for bad in ("", "x", "1.5.5", "1e", "--1"):
    try:
        print(bad, float(bad))
    except ValueError:
        print("ValueError", repr(bad))
for base in (1, 37, -1):
    try:
        int("1", base)
    except ValueError:
        print("base", base)
print(hex(255), hex(-255), oct(8), oct(-8), bin(5), bin(-5), hex(0), hex(2**70), bin(2**35))
print(repr("a'b"), repr('a"b'), repr("a\nb"), repr("\\"), str("x"), repr(""), repr("\x1b"))
print(int(3.9), int(-3.9), int(True), float(3), bool("False"), int("123456789012345678901234567890"))
