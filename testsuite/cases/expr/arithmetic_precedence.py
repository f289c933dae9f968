# oracle=cpython level=minimal
# Operators bind in the documented order.
print(1 + 2 * 3, (1 + 2) * 3, 2 ** 3 ** 2, (2 ** 3) ** 2)
print(-2 ** 2, (-2) ** 2, 2 ** -1 if False else 0)
print(7 // 2, -7 // 2, 7 // -2, -7 // -2)
print(7 % 3, -7 % 3, 7 % -3, -7 % -3)
print(1 << 3 + 1, (1 << 3) + 1, 6 & 3 | 8, 6 ^ 3 & 1)
print(~5, ~~5, -~5, +5, not 0, not 1)
print(1 + 2 << 3 & 0xFF | 1 ^ 4)
print(1 < 2 == 2, (1 < 2) == 2, 3 > 2 > 1, 3 > 1 > 2)
print(not 1 == 2, 1 if 2 else 3, 0 or 5, 0 and 5, 1 and 5)
print(10 - 4 - 3, 100 // 7 // 2, 100 % 7 % 4)
