# oracle=cpython level=minimal
# A pending return value is not disturbed by what finally does.
def f():
    try:
        return [i for i in range(3)]
    finally:
        for i in range(5):
            try:
                raise ValueError
            except ValueError:
                pass
        [j * j for j in range(10)]
print(f())

def g():
    for i in "ab":
        for j in "cd":
            try:
                if j == "d":
                    return i + j
            finally:
                for k in range(2):
                    if k:
                        break
print(g())

def h():
    try:
        return 1
    finally:
        def inner():
            try:
                return 2
            finally:
                pass
        print(inner())
print(h())

def k():
    try:
        try:
            return "r"
        finally:
            raise ValueError("replaces")
    except ValueError as e:
        return e.args[0]
print(k())
