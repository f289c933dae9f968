# oracle=cpython level=core
# Floor division and modulo with every combination of signs.
for a in (7, -7, 0, 1, -1, 2 ** 40, -2 ** 40, 6, -6):
    for b in (1, -1, 2, -2, 3, -3, 2 ** 35, -2 ** 35):
        q, r = a // b, a % b
        print(a, b, q, r, q * b + r == a, divmod(a, b) == (q, r))
