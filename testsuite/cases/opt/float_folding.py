# oracle=cpython level=minimal needs=f64
# Constant expressions of floats.
print(1.5 + 2.5, 1 / 4, 2.0 * 3, 7.5 // 2, 7.5 % 2, 2.0 ** 3, -1.5, 1e10 + 1, 0.1 + 0.2)
print(1.0 == 1, 1.5 < 2, 0.0 == -0.0, -0.0, 0.0, 1.0, 1, True == 1.0)
print(0.0, -0.0, (0.0, -0.0), [1, 1.0, True], {1: "a", 1.0: "b"})
def f(): return 1.0 / 0
try:
    f()
except ZeroDivisionError:
    print("ZeroDivisionError")
def same():
    a = 1
    b = 1.0
    c = True
    return a, b, c
print(same())
def zeros():
    return 0.0, -0.0, 0, -0
print(zeros())
