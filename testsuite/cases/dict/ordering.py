# oracle=cpython level=core
# OrderedDict keeps the order of insertion.
from collections import OrderedDict
d = OrderedDict()
for c in "zebra":
    d[c] = ord(c)
print(list(d), list(d.values()))
d["z"] = 0
del d["b"]
d["b"] = 1
print(list(d.items()))
print(d.popitem(), list(d.keys()))
e = OrderedDict([("one", 1), ("two", 2)])
e.update({"three": 3})
print(list(e.items()), len(e))
print(list(reversed(list(e))), e.pop("one"), list(e))
f = OrderedDict(e)
f["four"] = 4
print(list(f), list(e))
