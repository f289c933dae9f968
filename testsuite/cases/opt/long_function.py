# oracle=cpython level=minimal
# Jumps over more code than a byte's worth, forwards and backwards.
def f(n, mode):
    total = 0
    for i in range(n):
        if mode == 0:
            total += 1; total ^= 3; total += i * 7 % 5; total -= 1; total ^= 3; total += 2; total *= 2; total //= 2
            total += 1; total ^= 3; total += i * 7 % 5; total -= 1; total ^= 3; total += 2; total *= 2; total //= 2
            total += 1; total ^= 3; total += i * 7 % 5; total -= 1; total ^= 3; total += 2; total *= 2; total //= 2
            total += 1; total ^= 3; total += i * 7 % 5; total -= 1; total ^= 3; total += 2; total *= 2; total //= 2
        elif mode == 1:
            try:
                total += 1; total ^= 3; total += i * 7 % 5; total -= 1; total ^= 3; total += 2; total *= 2
                total += 1; total ^= 3; total += i * 7 % 5; total -= 1; total ^= 3; total += 2; total *= 2
                if i == 2:
                    continue
                total += 1; total ^= 3; total += i * 7 % 5; total -= 1; total ^= 3; total += 2; total //= 2
                total += 1; total ^= 3; total += i * 7 % 5; total -= 1; total ^= 3; total += 2; total //= 2
                if i == 4:
                    break
            finally:
                total += 1; total ^= 3; total += i * 7 % 5; total -= 1; total ^= 3; total += 2; total %= 1000
                total += 1; total ^= 3; total += i * 7 % 5; total -= 1; total ^= 3; total += 2; total %= 1000
        else:
            total += (1 if total % 2 else 2) + (3 if total % 3 else 4) + (5 if total % 5 else 6)
            total += (1 if total % 2 else 2) + (3 if total % 3 else 4) + (5 if total % 5 else 6)
            total += (1 if total % 2 else 2) + (3 if total % 3 else 4) + (5 if total % 5 else 6)
            total += (1 if total % 2 else 2) + (3 if total % 3 else 4) + (5 if total % 5 else 6)
    else:
        total += 1000000
    return total

print([f(n, m) for m in range(3) for n in (0, 1, 3, 6)])
