# oracle=cpython level=core
# Methods of dictionaries.
d = {"a": 1, "b": 2}
print(d["a"], d.get("a"), d.get("z"), d.get("z", 0), len(d), "a" in d, 1 in d)
d["c"] = 3
d.update({"d": 4})
d.update([("e", 5), ("f", 6)])
d.update(g=7)
print(sorted(d.items()), sorted(d.keys()), sorted(d.values()))
print(d.pop("a"), d.pop("zz", "default"), d.setdefault("b", 9), d.setdefault("new", 8))
print(sorted(d))
e = d.copy()
e["b"] = "changed"
print(d["b"], e["b"], d == e, d == d.copy())
del d["b"]
print("b" in d)
for bad in (lambda: d["zz"], lambda: d.pop("zz"), lambda: {}.popitem(), lambda: {[]: 1}, lambda: d.__delitem__("zz")):
    try:
        bad()
    except (KeyError, TypeError) as x:
        print(type(x).__name__)
d.clear()
print(d, len(d), bool(d))
print(dict(), dict(a=1), dict([(1, 2)]), dict({"x": 1}), sorted(dict({"x": 1}, y=2).items()))
print({1: "int", 1.0: "float", True: "bool"}, {None: 1, (): 2}[()])
one = {"k": [1]}
two = one.copy()
two["k"].append(2)
print(one)
p = {"only": 1}
print(p.popitem(), p)
f = dict.fromkeys(["x", "y"], 0)
print(sorted(f.items()), dict.fromkeys("a"))
