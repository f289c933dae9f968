# oracle=cpython level=core
# Dictionaries that grow, shrink, and meet collisions.
d = {}
for i in range(500):
    d[i] = str(i)
print(len(d), d[0], d[499], 500 in d)
for i in range(0, 500, 2):
    del d[i]
print(len(d), 0 in d, 1 in d, d[499])
for i in range(0, 500, 2):
    d[i] = -i
print(len(d), d[498], sum(1 for k in d if k % 2))
s = {}
for i in range(300):
    s["key%d" % i] = i
print(len(s), s["key0"], s["key299"], "key300" in s, sum(s.values()))
for i in range(300):
    s.pop("key%d" % i)
print(len(s), s)
t = {}
for i in range(50):
    t[(i, i % 7)] = i
    t[i * 2 ** 40] = i
    t[float(i) + 0.5] = i
print(len(t), t[(10, 3)], t[3 * 2 ** 40], t[4.5])
for r in range(5):
    for k in list(t):
        del t[k]
    for i in range(20):
        t[i] = r
print(len(t), t[19])
