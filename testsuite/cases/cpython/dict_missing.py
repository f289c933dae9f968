# oracle=cpython level=full engines=hognose needs=cpython
# A class derived from dict says what its missing items are.
class Counter(dict):
    def __missing__(self, key):
        return 0


class Table(dict):
    def __missing__(self, key):
        value = self[key] = [key]
        return value

    def __getitem__(self, key):
        return super().__getitem__(key)


c = Counter(a=1)
for letter in "abca":
    c[letter] += 1
print(sorted(c.items()), c["z"], "z" in c, c.get("z"))
t = Table()
t[1].append(2)
print(t[1], t[3], len(t))


class Failing(dict):
    def __missing__(self, key):
        raise ValueError(key)


try:
    Failing()["x"]
except ValueError as e:
    print("ValueError", e)
try:
    {}["x"]
except KeyError:
    print("KeyError")
