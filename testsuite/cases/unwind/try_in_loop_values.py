# oracle=cpython level=minimal
# Values of loops survive exceptions caught inside the loop's expression.
def risky(i):
    if i % 2:
        raise ValueError(i)
    return i

def f():
    total = 0
    for i in range(6):
        try:
            total += risky(i)
        except ValueError:
            total -= 1
    return total
print(f())

def nested():
    out = []
    for i in range(3):
        for j in range(3):
            try:
                out.append((i, j, risky(i + j)))
            except ValueError:
                out.append((i, j, None))
                if j == 2:
                    break
        else:
            out.append("full")
    return out
print(nested())

def mixed():
    it = iter(range(5))
    result = []
    while True:
        try:
            result.append(next(it))
        except StopIteration:
            break
    return result
print(mixed())
