# oracle=cpython level=core
# Complex literals and arithmetic.
print(1j, 1 + 2j, (1 + 2j) * (3 - 1j), (1 + 2j).real, (1 + 2j).imag)
print(1j * 1j, abs(3 + 4j), +(1j))
print(complex(1, 2), complex("1+2j"), complex(3), complex())
print(1j == 1j, 1j == 2j, 1 + 0j == 1, 1j != 0)
print((1 + 2j) / (1 - 1j), (4 + 2j) / 2, 1j + 1.5)
print(bool(0j), bool(1j), hash(3 + 0j) == hash(3))
print([1j, (2j,)], repr(1.5j))
for op in (lambda: 1j < 2j, lambda: 1j // 1, lambda: int(1j)):
    try:
        op()
    except TypeError:
        print("TypeError")
try:
    1j / 0
except ZeroDivisionError:
    print("ZeroDivisionError")
