# oracle=cpython level=minimal needs=f64
# Floating point operators.
print(1.5 + 2.25, 1.5 - 2.25, 1.5 * 2.0, 7.0 / 2, 7 / 2, 1 / 4, -7 / 2)
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(7.5, 2), divmod(-7.5, 2))
print(2.0 ** 3, 2 ** 0.5, 2 ** -1, 4 ** 0.5, (-8.0) ** 2, 0.0 ** 0, 10.0 ** -2)
print(1.0 == 1, 1.5 > 1, 0.1 + 0.2 == 0.3, 1 < 1.5 < 2, 1e300 * 1e10, -1e300 * 1e10)
print(-0.0, 0.0 == -0.0, abs(-1.5), +1.5, -1.5, not 0.0, bool(0.1))
print(1 + 1.0, 1 - 0.5, 2 * 0.5, 10 ** 20 + 0.0, 10 ** 20 * 1.5, 2 ** 70 / 2 ** 69)
for bad in (lambda: 1 / 0, lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: divmod(1.0, 0), lambda: 0.0 ** -1):
    try:
        print(bad())
    except ZeroDivisionError:
        print("ZeroDivisionError")
for bad in (lambda: 1.5 & 1, lambda: ~1.5, lambda: 1.5 << 1, lambda: 1.5 + "a", lambda: [1] * 1.5, lambda: "abc"[1.0]):
    try:
        bad()
    except TypeError:
        print("TypeError")
inf, nan = float("inf"), float("nan")
print(inf, -inf, nan, inf - inf, inf * 0, nan == nan, nan != nan, inf == inf, inf > 1e308, nan < 1, max(1.0, inf))
