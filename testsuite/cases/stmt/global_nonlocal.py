# oracle=cpython level=minimal
# Where names live.
x = "module"
def read():
    return x
def write():
    global x
    x = "written"
def shadow():
    x = "local"
    return x
print(read(), shadow(), read())
write()
print(read())
def outer():
    x = "outer"
    def inner():
        nonlocal x
        x = "inner"
        def innermost():
            nonlocal x
            x += "most"
        innermost()
    inner()
    return x
print(outer(), x)
def make():
    global fresh
    fresh = 1
    def h():
        global fresh
        fresh += 1
    h()
make()
print(fresh)
def unbound():
    try:
        print(y)
    except NameError:
        print("unbound local")
    y = 1
unbound()
class K:
    x = "class"
    def m(self):
        return x
    y = x
print(K().m(), K.y)
def loop():
    acc = []
    for i in range(3):
        def g():
            return i
        acc.append(g)
    return [g() for g in acc]
print(loop())
