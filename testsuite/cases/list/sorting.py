# oracle=cpython level=core
# sort and sorted: keys, reverse, stability of results, errors.
print(sorted([3, 1, 2]), sorted("hello"), sorted((3, 2, 1), reverse=True), sorted({"b": 1, "a": 2}))
words = ["banana", "Apple", "cherry", "fig"]
print(sorted(words), sorted(words, key=len), sorted(words, key=str.lower) if hasattr(str, "lower") else None)
words.sort(key=lambda w: w[-1], reverse=True)
print(words)
print(sorted([5, 2, 8, 1, 9, 3, 7, 4, 6, 0]), sorted(range(20), key=lambda x: (x % 3, -x)))
print(sorted([1.5, 1, 0.5, -1]), sorted([True, False, 2, -1]), sorted([(2, "b"), (1, "z"), (2, "a")]))
print(sorted([[3], [1, 2], [1]]), sorted([]), sorted([1]))
try:
    sorted([1, "a"])
except TypeError:
    print("TypeError")
class K:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return self.v < o.v
print([k.v for k in sorted([K(3), K(1), K(2)])])
seed = 7
data = []
for i in range(200):
    seed = (seed * 1103515245 + 12345) % 2147483648
    data.append(seed % 1000)
s = sorted(data)
print(all(s[i] <= s[i + 1] for i in range(len(s) - 1)), len(s), sum(s) == sum(data))
data.sort(reverse=True)
print(data == s[::-1])
def boom(x):
    raise ValueError
try:
    [2, 1].sort(key=boom)
except ValueError:
    print("key failed")
