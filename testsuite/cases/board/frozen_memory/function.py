def X(n, step):
    total = 0
    for i in range(2):
        total += n + step
    return total
