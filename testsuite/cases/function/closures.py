# oracle=cpython level=minimal
# Cells: shared, nested, in loops, as parameters, through classes.
def counter(start=0):
    n = start
    def inc(by=1):
        nonlocal n
        n += by
        return n
    def get():
        return n
    return inc, get

inc, get = counter(5)
inc(); inc(10)
print(get())
inc2, get2 = counter()
inc2()
print(get(), get2())

def nest(a):
    def f(b):
        def g(c):
            def h(d):
                return a, b, c, d
            return h
        return g
    return f
print(nest(1)(2)(3)(4))

def param_cell(a, b=2, *args, k=3, **kw):
    def inner():
        return a, b, args, k, sorted(kw)
    a += 1
    return inner
print(param_cell(1)(), param_cell(1, 5, 6, k=7, z=8)())

def late():
    def f():
        return x
    x = "bound later"
    return f()
print(late())

def unbound():
    def f():
        return y
    try:
        f()
    except NameError:
        print("free variable without value")
    y = 1
    return f()
print(unbound())

def through_class(v):
    class C:
        attr = v
        def m(self):
            return v
    return C
C = through_class("cv")
print(C.attr, C().m())

def delete_cell():
    z = 1
    def f():
        return z
    print(f())
    del z
    try:
        f()
    except NameError:
        print("deleted cell")
delete_cell()
