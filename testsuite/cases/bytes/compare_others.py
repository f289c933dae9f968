# oracle=cpython level=full engines=hognose,boards
# Rows of bytes are in no order with what is none, and never equal it.
from array import array

rows = [bytearray(b"ab"), memoryview(b"ab"), array("h", [1, 2])]
for row in rows:
    for other in (None, 1, [1], "ab", (97, 98)):
        print(row == other, other == row, row != other, end=" ")
        try:
            print(row < other)
        except TypeError:
            print("TypeError", end=" ")
        try:
            print(other >= row)
        except TypeError:
            print("TypeError")
try:
    print(max(bytearray(b"a"), 5))
except TypeError:
    print("TypeError")
try:
    array("x", [1])
except ValueError:
    print("ValueError")
