# oracle=cpython level=minimal needs=f64
# Between floats, integers and text.
print(int(1.9), int(-1.9), int(1e10), int(1e20), int(2.0 ** 70), float(10), float(2 ** 70), float("1e-3"))
print(round(1.5), round(2.5), round(0.5), round(-1.5), round(1.25, 1), round(1234.5, -2), round(5.0))
for bad in (lambda: int(float("inf")), lambda: int(float("nan")), lambda: float("x"), lambda: float([]), lambda: int("1.5")):
    try:
        bad()
    except (OverflowError, ValueError, TypeError) as e:
        print(type(e).__name__)
print(1e3 == 1000, hash(5.0) == hash(5), {1.0: "x"}[1], 0.5 in [0.5], [1, 2].index(2.0))
print(1_000.5, 1e1_0, .5, 5., 1E5, 1e+5, 1.5e-3, 0.0e0)
print(float(True), float("  2.5\n"), float("+1"), float("-.5"), float("5."), float("1_0.5"))
print(3.7 // 1, -3.7 // 1, 1e10 % 7, 5 % 0.3 < 0.3, int(3.999999999))
