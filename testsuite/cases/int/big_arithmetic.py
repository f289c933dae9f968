# oracle=cpython level=core
# Big integers under every operator.
a = 123456789012345678901234567890
b = 987654321098765432109876543210
print(a + b, a - b, b - a, a * b)
print(b // a, b % a, -b // a, -b % a, b // -a, b % -a, -b // -a, -b % -a)
print(a ** 3, a ** 0, (-a) ** 3, 2 ** 200)
print(a == a + 0, a < b, a > b, a != b, -a < a, a <= a, a == 5, 5 < a, a > -5)
print(a + 1, a - 1, a * 10, a // 10, a % 10, 1 - a, 10 * a)
print(-a, +a, abs(-a), bool(a), not a, int(a) == a)
print(a * 0, a - a, a // a, a % a, a - a + 5)
print(divmod(b, a), divmod(-b, a), divmod(10 ** 40, 10 ** 20 + 1))
f = 1
for i in range(1, 41):
    f *= i
print(f, f // 10 ** 9, f % 1000007)
print(sum(10 ** i for i in range(30)), str(10 ** 50), len(str(7 ** 300)))
for bad in (lambda: a // 0, lambda: a % 0, lambda: divmod(a, 0), lambda: 0 // 0, lambda: 1 % 0):
    try:
        bad()
    except ZeroDivisionError:
        print("ZeroDivisionError")
