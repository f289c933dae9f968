# oracle=cpython level=full engines=hognose,boards
# Ranges compare by what they hold.
print(range(3) == range(3), range(3) == range(0, 3, 1), range(2) == range(3), range(0) == range(5, 5))
print(range(3) != range(3), range(0, 5, 2) == range(0, 6, 2), range(3) == [0, 1, 2])
