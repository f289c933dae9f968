# oracle=cpython level=full engines=npm,hognose
# eval, exec and compile.
x = 10
print(eval("x + 1"), eval("[i * 2 for i in range(3)]"), eval("x", {"x": 5}), eval("a + b", {"a": 1}, {"b": 2}))
exec("y = x * 2\nprint('in exec', y)")
ns = {}
exec("def f(a):\n    return a + 1\nz = f(5)", ns)
print(ns["z"], ns["f"](1))
code = compile("1 + 2", "<s>", "eval")
print(eval(code))
code = compile("q = 7", "<s>", "exec")
exec(code)
print(q)
def f():
    v = 3
    return eval("v2 + 1", {"v2": v})
print(f())
for bad in ("1 +", "def", "x ="):
    try:
        eval(bad)
    except SyntaxError:
        print("SyntaxError", bad)
try:
    exec("raise ValueError('inside')")
except ValueError as e:
    print(e)
print(globals()["x"], "x" in globals(), eval("None"), eval("5 "))
