# oracle=cpython level=core
# break and continue inside finally, where they swallow what was under way.
def f1():
    while True:
        try:
            return "never"
        finally:
            break
    return "broke out"

def f2():
    out = []
    for i in range(3):
        try:
            raise ValueError(i)
        finally:
            out.append(i)
            continue
    return out

def f3():
    for i in range(5):
        try:
            if i == 2:
                return "value"
        finally:
            if i == 2:
                break
    return "after %d" % i

def f4():
    n = 0
    while n < 3:
        try:
            n += 1
            continue
        finally:
            print("finally", n)
    return n

for f in (f1, f2, f3, f4):
    print(f())
