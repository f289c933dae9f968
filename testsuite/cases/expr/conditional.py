# oracle=cpython level=minimal
# The conditional expression evaluates one arm.
def boom():
    raise ValueError("must not run")

print(1 if True else boom())
print(boom() if False else 2)
print([x if x % 2 else -x for x in range(6)])
print((1 if 0 else 2) if 1 else 3)
print(1 if 0 else 2 if 0 else 3)
f = lambda x: "neg" if x < 0 else "zero" if x == 0 else "pos"
print(f(-1), f(0), f(1))
y = 5
z = (y and "t") or "f"
print(z)
print([] or {} or 0 or "" or "last")
print(1 and [2] and "x" and ())
