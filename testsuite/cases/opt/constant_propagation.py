# oracle=cpython level=minimal
# Locals that hold constants, until something changes them.
def straight():
    a = 5
    b = a + 1
    c = "x" * a
    return a, b, c

def branch(n):
    a = 1
    if n:
        a = 2
    return a

def loop(n):
    a = 0
    b = 10
    for i in range(n):
        a += 1
        b = a
    return a, b

def while_loop():
    i = 0
    while i < 3:
        i += 1
    return i

def through_try(n):
    a = 1
    try:
        a = 2
        if n:
            raise ValueError
        a = 3
    except ValueError:
        return "handler", a
    finally:
        a = a * 10
    return a

def cell():
    a = 1
    def change():
        nonlocal a
        a = 2
    b = a
    change()
    return a, b

def deleted():
    a = 1
    del a
    try:
        return a
    except NameError:
        return "deleted"

def swapped():
    a, b = 1, 2
    a, b = b, a
    return a, b

def by_loop_var():
    i = 100
    for i in (1, 2):
        pass
    return i

def with_except_name():
    e = 5
    try:
        raise KeyError
    except KeyError as e:
        pass
    try:
        return e
    except NameError:
        return "gone"

def walrus():
    a = 1
    if (a := 2) and a == 2:
        return a

def comp():
    a = 3
    return [a + i for i in range(2)], a

print(straight(), branch(0), branch(1), loop(0), loop(3), while_loop())
print(through_try(0), through_try(1), cell(), deleted(), swapped(), by_loop_var(), with_except_name(), walrus(), comp())
