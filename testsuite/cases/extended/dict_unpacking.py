# oracle=cpython level=minimal syntax=extended
# Unpacking into dictionary displays.
a, b = {"x": 1, "y": 2}, {"y": 3, "z": 4}
print(sorted({**a}.items()), sorted({**a, **b}.items()), sorted({**b, **a}.items()))
print(sorted({"x": 0, **a, "q": 5}.items()), sorted({**a, "x": 9}.items()), {**{}})
def f(**kw): return sorted(kw.items())
print(f(**a, z=1), f(**{**a, "k": 2}), f(q=1, **a, **{"r": 2}))
try:
    {**[1]}
except (TypeError, AttributeError):
    print("not a mapping")
print({**a} is a, {"n": {**a}}["n"] == a)
