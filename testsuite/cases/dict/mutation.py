# oracle=cpython level=core
# Changing dictionaries in the usual and unusual ways.
d = {}
d["list"] = []
d["list"].append(1)
d.setdefault("list", [9]).append(2)
d.setdefault("new", []).append(3)
print(sorted(d.items()))
for k in list(d):
    d[k + "!"] = d.pop(k)
print(sorted(d))
counts = {}
for c in "mississippi":
    counts[c] = counts.get(c, 0) + 1
print(sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))
inverse = {}
for k, v in counts.items():
    inverse.setdefault(v, []).append(k)
print(sorted((v, sorted(ks)) for v, ks in inverse.items()))
a = {"x": 1}
a.update({"x": 2}, y=3)
a.update([("z", 4)])
a.update()
print(sorted(a.items()))
del a["x"], a["y"]
print(a, a.get("x"), "x" in a)
nested = {"a": {"b": {"c": 1}}}
nested["a"]["b"]["d"] = 2
nested["a"]["e"] = nested["a"]["b"]
nested["a"]["e"]["c"] = 5
print(nested["a"]["b"]["c"], sorted(nested["a"]))
keys = {1: "int", "1": "str", (1,): "tuple", None: "none", 1.5: "float", True: "bool"}
print(len(keys), keys[1], keys["1"], keys[(1,)], keys[None], keys[1.5])
e = {i: i for i in range(10)}
for i in range(0, 10, 2):
    e.pop(i)
print(sorted(e), len(e))
while e:
    k, v = e.popitem()
print(e)
