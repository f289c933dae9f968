# oracle=cpython level=core
# A local that a loop calls, and that holds nothing.
def one(x):
    return x + 1

def unbound(n):
    if n < 0:
        f = one
    for i in range(n):
        f(i)

def deleted(f, n):
    for i in range(n):
        print(f(i))
        if i == 1:
            del f

for test in (lambda: unbound(0), lambda: unbound(2), lambda: deleted(one, 2), lambda: deleted(one, 4)):
    try:
        print(test())
    except NameError:
        print("unbound")
