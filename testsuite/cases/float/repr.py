# oracle=cpython level=minimal needs=f64
# Shortest representations that read back as the same number.
vals = [0.0, 1.0, -1.0, 0.1, 0.2, 0.3, 1.1, 2.5, 100.0, 123456.789, 1e15, 1e16, 1e17, 1e20, 1e21, 1e22, 1e23, 1e100, 1e-1,
        1e-4, 1e-5, 1e-10, 1.7976931348623157e308, 2.2250738585072014e-308, 3.141592653589793,
        2.718281828459045, 1 / 3, 2 / 3, 123456789012345.6, 0.1 + 0.2, 9007199254740993.0]
for v in vals:
    print(v, repr(-v), float(repr(v)) == v)
print([0.5, 0.25], (1e3,), {"k": 1e-7}, 12345678.9, 1.0e10, 1e5)
