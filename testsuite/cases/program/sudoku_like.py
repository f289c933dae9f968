# oracle=cpython level=core
# A small program: backtracking search.
def queens(n):
    cols, diag1, diag2, found = set(), set(), set(), []
    def place(row, placed):
        if row == n:
            found.append(tuple(placed))
            return
        for c in range(n):
            if c in cols or row + c in diag1 or row - c in diag2:
                continue
            cols.add(c); diag1.add(row + c); diag2.add(row - c)
            placed.append(c)
            place(row + 1, placed)
            placed.pop()
            cols.remove(c); diag1.remove(row + c); diag2.remove(row - c)
    place(0, [])
    return found

for n in range(1, 7):
    print(n, len(queens(n)))
print(queens(6)[0], queens(4))

def coins(amount, kinds):
    best = {0: 0}
    for a in range(1, amount + 1):
        options = [best[a - k] + 1 for k in kinds if a - k in best]
        if options:
            best[a] = min(options)
    return best.get(amount)
print([coins(a, (1, 5, 12)) for a in (1, 4, 15, 24)], coins(3, (2,)))
def lcs(a, b):
    t = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            t[i + 1][j + 1] = t[i][j] + 1 if x == y else max(t[i][j + 1], t[i + 1][j])
    return t[-1][-1]
print(lcs("hognose", "goose"), lcs("", "x"), lcs("abcabc", "cba"))
