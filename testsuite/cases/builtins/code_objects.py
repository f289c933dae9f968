# oracle=cpython level=full engines=hognose needs=lines
# Code objects: of functions and of texts, in namespaces of their own.
import marshal


def area(w, h=2):
    return w * h * scale


def outer():
    def inner(x):
        return x + base

    return inner


make = type(area)
double = make(area.__code__, {"scale": 2})
print(double(3, 4), type(double) is make)
print(make(outer.__code__, {"base": 10})()(5))

code = area.__code__
print(code.co_name, code.co_names, type(code.co_code), type(code.co_firstlineno))
spans = list(code.co_lines())
print(spans[-1][1] == len(code.co_code))
print(all(a[1] == b[0] for a, b in zip(spans, spans[1:])))

text = compile("x = a + 1", "text", "exec")
for a in (1, 2):
    space = {"a": a}
    exec(text, space)
    make(text, space)()
    print(space["x"], text.co_name, text.co_filename)

space = {}
exec(make(compile("y = 5", "text", "exec"), space).__code__, space)
print(space["y"])

copy = marshal.loads(marshal.dumps(code))
print(make(copy, {"scale": 100})(1, 1))


def constants():
    return [None, True, ..., 1 << 70, 2.5, 3j, "text", b"bytes", (1, ("a", 2.0))]


print(make(marshal.loads(marshal.dumps(constants.__code__)), {})())

for bad in (lambda: make(None, {}), lambda: make(code, None), lambda: make(code)):
    try:
        bad()
    except TypeError:
        print("TypeError")
try:
    marshal.dumps(object())
except ValueError:
    print("ValueError")
