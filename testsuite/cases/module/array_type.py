# oracle=cpython level=core
# The array module.
import array
a = array.array("i", [1, 2, 3])
print(a, len(a), a[0], a[-1], list(a), sum(a))
a.append(4)
a.extend([5, 6])
a[0] = -10
print(a, a[1:3], bytes(array.array("B", b"ab")))
for code in "bBhHiIlLqQ":
    print(code, array.array(code, [1, 100])[1])
print(array.array("H", [65535])[0], array.array("b", [-128])[0], array.array("B", bytes([1, 2])), array.array("i"))
b = array.array("B", range(5))
b += array.array("B", [9])
print(b, array.array("i", [1]) + array.array("i", [2]), a == array.array("i", a))
for bad in (lambda: a[100], lambda: array.array("i", ["x"])):
    try:
        bad()
        print("no error", bad)
    except (IndexError, TypeError, ValueError) as e:
        print(type(e).__name__)
