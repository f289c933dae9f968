# oracle=cpython level=full engines=hognose needs=cpython
# Slices with a step, of everything that has slices.
text = "abcdefgh"
for step in (1, 2, 3, -1, -2, -7, 100, -100):
    print(step, text[::step], text[5:1:step], b"abcdef"[1::step], tuple(range(7))[::step])
print("aéxñb"[::-1], "aéxñb"[::2], "aéxñb"[3:0:-2], "日本語"[::-1], ""[::-1])
print(text[100:-100:-1], text[-100:100:3], ()[::-1])

items = list(range(10))
del items[::3]
print(items)
items = list(range(10))
del items[8:2:-2]
print(items)
items[::2] = "wxyz"
print(items)
items[::-1] = list(range(len(items)))
print(items)
try:
    items[::2] = [1]
except ValueError as e:
    print(e)

data = bytearray(range(8))
print(data[::3], data[::-1])
data[::2] = b"abcd"
print(data)
del data[1]
del data[::2]
print(data)
data[1:1] = [1, 2, 3]
data[0:1] = range(3)
print(data)
