# oracle=cpython level=minimal
# Jumps to jumps, empty arms, conditions folded into branches.
def f(a, b, c):
    if a:
        if b:
            if c:
                r = 1
            else:
                r = 2
        else:
            pass
            r = 3
    else:
        if not b:
            if c and not a:
                r = 4
            elif c or b:
                r = 5
            else:
                r = 6
        else:
            r = 7
    return r

print([f(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)])

def g(x):
    while True:
        if x > 10:
            if x % 2:
                break
            else:
                x += 1
                continue
        elif x < 0:
            return "negative"
        else:
            x += 3
    return x

print([g(x) for x in (-1, 0, 5, 9, 10, 12)])

def h(x):
    return not (not x) if x else not x

print(h(0), h(5), h(""), h([1]))

def k(x, y):
    if not (x and y) or (x or not y):
        return "t"
    return "f"

print([k(x, y) for x in (0, 1) for y in (0, 1)])

def empty(x):
    if x:
        pass
    else:
        pass
    if x:
        pass
    elif x == 0:
        pass
    for i in range(x):
        pass
    while x:
        break
    return "end"

print(empty(0), empty(2))
