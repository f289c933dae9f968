# oracle=cpython level=minimal
# A return in finally wins over everything before it.
def f1():
    try:
        return "try"
    finally:
        return "finally"

def f2():
    try:
        raise ValueError
    finally:
        return "swallowed"

def f3():
    for i in range(3):
        try:
            return i
        finally:
            print("cleanup", i)

def f4():
    try:
        try:
            return "inner"
        finally:
            print("one")
    finally:
        print("two")

def f5():
    x = 1
    try:
        return x
    finally:
        x = 2

def f6():
    l = [1]
    try:
        return l
    finally:
        l.append(2)

for f in (f1, f2, f3, f4, f5, f6):
    print(f())
