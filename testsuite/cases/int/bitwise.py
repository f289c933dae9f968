# oracle=cpython level=core
# Bit operators on small and big, positive and negative integers.
vals = (0, 1, -1, 5, -6, 2 ** 30, -2 ** 30, 2 ** 31 - 1, 2 ** 64 + 3, -2 ** 64 - 3, 10 ** 25, -10 ** 25)
for a in vals:
    print(a, ~a, [a & b for b in vals])
    print([a | b for b in vals])
    print([a ^ b for b in vals])
print([1 << s for s in (0, 1, 29, 30, 31, 62, 63, 64, 100)])
print([-1 << s for s in (0, 1, 31, 64)], [5 << 0, 5 << 1, -5 << 70])
print([2 ** 70 >> s for s in (0, 1, 35, 69, 70, 71, 200)])
print([-(2 ** 70) >> s for s in (0, 1, 69, 70, 71, 200)], -1 >> 100, -5 >> 1, 5 >> 1, 1 >> 1000)
try:
    1 << -1
except ValueError:
    print("ValueError")
try:
    1 >> -1
except ValueError:
    print("ValueError")
print(0xFF & ~0x0F, (1 << 40) | 1, (2 ** 100 - 1) & (2 ** 50 - 1) == 2 ** 50 - 1)
