# oracle=cpython level=core
# Expressions of constants give what they give at run time, errors included.
print(1 + 2 * 3 - 4 // 3, 2 ** 10, 7 % 3, -7 // 2, 1 << 10, 0xFF & 0x0F, ~0, -(-5))
print("ab" + "cd", "ab" * 3, 3 * "x", b"a" + b"b", (1, 2) + (3,), (0,) * 3, "abc"[1], (1, 2, 3)[-1])
print("%d-%s" % (1, "a"), "a%db" % 3, len("hello"), "x" in "xyz", 1 in (1, 2))
print(1 if True else 2, 1 if 0 else 2, not 1, not "", 1 and 2, 0 or 3, None or "d", "" and 1)
print(1 < 2, 1 == 1.0, "a" < "b", 1 < 2 < 3, 3 > 2 > 5, 1 != 1, (1, 2) == (1, 2))
print(10 ** 30, 2 ** 100 - 2 ** 100 + 1, -2 ** 63, 123456789 * 987654321 * 1000)
print(True + True, False * 5, None is None, () is not None)
def zero(): return 1 // 0
def zero2(): return 1 % 0
def neg(): return 1 << -1
def idx(): return (1, 2)[5]
def typ(): return "a" + 1
def typ2(): return -"a"
def cmp(): return 1 < "a"
for f in (zero, zero2, neg, idx, typ, typ2, cmp):
    try:
        f()
    except Exception as e:
        print(type(e).__name__)
print("unreached" if 0 else "reached")
x = 1 + 1 if "" else 2 * 3
print(x, (1, (2, 3), "a", None, True, ...), [1, 2][0], {1: 2}[1])
