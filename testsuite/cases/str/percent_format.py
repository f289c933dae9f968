# oracle=cpython level=core
# The percent operator.
print("%d %i %u" % (1, -2, 3) if False else "%d %i" % (1, -2))
print("%s %r %s" % ("a", "a", 1), "%s" % "x", "%s %%" % 5, "%%" % ())
print("%5d|%-5d|%05d|%+d|% d" % (42, 42, 42, 42, 42))
print("%x %X %o %#x %#o" % (255, 255, 8, 255, 8))
print("%c%c" % ("a", 66), "%5s|%-5s|%.2s" % ("ab", "ab", "abcdef"))
print("%(a)s %(b)d %(a)r" % {"a": "x", "b": 2})
print("%*d|%-*d|" % (5, 1, 5, 2), "%.3d" % 5 if False else "")
print("%s %s" % (None, True), "%s" % [1, 2], "%s" % ((1, 2),), "%s" % {"k": 1})
print("%d" % True, "%x" % -255, "%d" % 10**20, "%x" % 2**70)
for fmt, args in (("%d", "x"), ("%s %s", (1,)), ("%s", (1, 2)), ("%z", 1), ("%(x)s", {}), ("%", ())):
    try:
        fmt % args
        print("no error", fmt)
    except (TypeError, ValueError, KeyError):
        print("error", fmt)
print(b"%s %d" % (b"x", 5) == b"x 5")
