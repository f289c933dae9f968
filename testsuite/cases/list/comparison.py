# oracle=cpython level=core
# Comparing lists and tuples, item by item.
print([1, 2] == [1, 2], [1, 2] == [2, 1], [1] != [1, 2], [] == [])
print([1, 2] < [1, 3], [1] < [1, 0], [2] > [1, 9, 9], [] < [0], [1, 2] <= [1, 2], [1, 2] >= [1, 3])
print((1, 2) == (1, 2), (1, "a") < (1, "b"), () < (0,), (1,) != (1, 2))
print([1] == (1,), (1,) == [1], [[1, [2]]] == [[1, [2]]])
print([1, 2.0, True] == [1.0, 2, 1], ["a"] == [b"a"])
try:
    [1] < (1,)
except TypeError:
    print("TypeError")
try:
    [1] < ["a"]
except TypeError:
    print("TypeError")
print(1 in [True], 0 in [False], None in [None], [] in [[]], () in [()])
print([1, 2, 3][-1], (1, 2, 3)[-2:], max([1, 2], [1, 3]), min((2,), (1, 5)))
