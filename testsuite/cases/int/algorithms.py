# oracle=cpython level=core
# Number theory: gcd, primes, powers, conversions.
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a
def egcd(a, b):
    if not b:
        return a, 1, 0
    g, x, y = egcd(b, a % b)
    return g, y, x - a // b * y
def is_prime(n):
    if n < 2:
        return False
    i = 2
    while i * i <= n:
        if n % i == 0:
            return False
        i += 1
    return True
def isqrt(n):
    x = n
    y = (x + 1) // 2
    while y < x:
        x, y = y, (y + n // y) // 2
    return x
def to_base(n, b):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    s = ""
    while n:
        n, r = divmod(n, b)
        s = digits[r] + s
    return s or "0"
print(gcd(48, 36), gcd(2 ** 40, 6 ** 20), egcd(240, 46), gcd(10 ** 30, 10 ** 20 + 10 ** 10))
print([n for n in range(60) if is_prime(n)], is_prime(7919))
print(isqrt(10 ** 40), isqrt(2 ** 101), isqrt(99), [isqrt(n) for n in range(10)])
print([to_base(12345678901234567890, b) for b in (2, 7, 16, 36)], int(to_base(10 ** 30, 36), 36) == 10 ** 30)
print(pow(3, 200, 10 ** 9 + 7), pow(2, 1000) % 1000, pow(7, 222, 13))
def fib(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
print(fib(10), fib(100), fib(300))
def digits(n): return sum(int(c) for c in str(n))
print(digits(2 ** 100), digits(10 ** 50 - 1), str(2 ** 200)[:10], len(str(3 ** 500)))
x = 1
for i in range(1, 31):
    x = x * i
    if i % 10 == 0:
        print(i, x, bin(x).count("1"))
