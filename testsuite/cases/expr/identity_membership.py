# oracle=cpython level=core
# is, in and their negations over all containers.
a = [1, 2]
b = a
print(a is b, a is not b, a is [1, 2], a == [1, 2])
print(None is None, True is True, () is not None)
print(1 in a, 3 in a, 3 not in a, 1 not in a)
print("b" in "abc", "bc" in "abc", "" in "abc", "d" not in "abc")
print(1 in (1, 2), 1 in {1: 2}, 2 in {1: 2}, 1 in {1, 2}, 5 in range(10), 10 in range(10))
print(97 in b"abc", b"bc" in b"abc", 1 in iter([1]))

class C:
    def __contains__(self, x):
        print("contains", x)
        return x == "yes"

print("yes" in C(), "no" in C(), "no" not in C())

class It:
    def __iter__(self):
        return iter((1, 2, 3))

print(2 in It(), 5 in It())
def gen():
    for i in range(5):
        print("gen", i)
        yield i
print(1 in gen())
