# oracle=cpython level=minimal
# Locals changed in try are seen in except, else, finally and after.
def f(n):
    state = "start"
    count = 0
    try:
        state = "tried"
        count += 1
        if n == 1:
            raise ValueError
        count += 1
        if n == 2:
            return state, count
        state = "finished"
    except ValueError:
        count += 10
        state += "+except"
    else:
        count += 100
        state += "+else"
    finally:
        count += 1000
        state += "+finally"
        print(state, count)
    return state, count

for n in range(3):
    print(f(n))

def swap():
    a, b = 1, 2
    try:
        a, b = b, a
        a, b = b, a // 0
    except ZeroDivisionError:
        return a, b
print(swap())
