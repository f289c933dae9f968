# oracle=cpython level=core
# Iterating over dictionaries and their views.
d = {}
for i in range(5):
    d[i] = i * i
print(sum(d), sum(d.values()), sum(k * v for k, v in d.items()))
print(sorted(d), sorted(d.keys()) == sorted(d), list(map(lambda kv: kv[0] - kv[1], sorted(d.items()))))
print(len(d.keys()), 3 in d.keys(), list({1: 2}.keys()), list({1: 2}.values()), list({1: 2}.items()))
print({k: v for k, v in d.items() if v % 2} == {1: 1, 3: 9}, {v: k for k, v in d.items()}[16])
total = 0
for k in d:
    total += d[k]
print(total)
print(min(d), max(d), max(d, key=lambda k: -d[k]), any(d), all(d))
a, b = {"x": 1, "y": 2}
print(sorted((a, b)))
print(*sorted({"p": 1, "q": 2}))
print([k for k in {"one": 1}], dict(zip(("a", "b"), (1, 2))) == {"b": 2, "a": 1})
e = {}
for w in "the quick the lazy the".split():
    e[w] = e.get(w, 0) + 1
print(sorted(e.items()), e["the"])
