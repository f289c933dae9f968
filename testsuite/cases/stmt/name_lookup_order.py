# oracle=cpython level=core
# Locals, enclosing functions, globals, built-ins, in this order.
len_before = len
def f():
    return len("abc")
print(f())
len = lambda x: "my len"
print(f(), len([]))
del len
print(f())
def g():
    max = lambda *a: "local max"
    def h():
        return max(1, 2)
    return h(), max()
print(g(), max(1, 2))
class C:
    min = 5
    v = [min for _ in range(1)] if False else min
    def m(self):
        return min(3, 2)
print(C.v, C().m())
x = 1
def outer():
    x = 2
    class K:
        y = x
        def m(self):
            return x
    return K.y, K().m()
print(outer())
def params(list):
    return list
print(params(1), list((1,)))
def shadows(print):
    return print
print(shadows(5))
