# oracle=cpython level=minimal
# str.format: fields, conversions, alignment, nesting.
print("{} {}".format(1, "a"), "{1} {0} {1}".format("x", "y"), "{a} {b}".format(a=1, b=2))
print("{0[0]} {0[1]} {1[k]}".format([1, 2], {"k": "v"}) if False else "")
print("{!r} {!s} {0!r}".format("a") if False else "{!r} {!s}".format("a", "b"))
print("{:5}|{:<5}|{:>5}|{:^5}|".format(1, 2, 3, 4))
print("{:5}|{:<5}|{:>5}|{:^5}|".format("a", "b", "c", "d"))
print("{:*^9}|{:-<4}|{:0>3}|{:#>4}".format("mid", 1, 2, "x"))
print("{:d} {:b} {:o} {:x} {:X} {:#x} {:#b} {:c}".format(10, 10, 10, 255, 255, 255, 5, 65))
print("{:+d} {:+d} {:-d} {: d} {:05d} {:=+5d}".format(1, -1, 1, 1, -3, 7))
print("{:,} {:,}".format(1234567, 999), "{{}} {{{}}}".format(1))
print("{:{}} {:>{w}}|".format("a", 3, "b", w=4))
print("{:.2}|{:5.1}|".format("abc", "xyz"), "{:s}".format("s"))
print("{} {} {}".format(None, True, [1]), "{:>6}|{:6}|".format(str(None), str(True)))
for fmt, args in (("{}{}", (1,)), ("{0} {}", (1, 2)), ("{x}", ()), ("{:d}", ("a",)), ("{:q}", (1,)), ("{", ()), ("}", ())):
    try:
        print("no error", fmt.format(*args))
    except (ValueError, IndexError, KeyError):
        print("error", fmt)
