# oracle=cpython level=full engines=hognose needs=cpython
# Ints and floats as numbers in general.
print(True.real, True.imag, False.numerator)
for n in (0, 5, -255, 1 << 100):
    print(n.real, n.imag, n.numerator, n.denominator, n.conjugate())
print((255).bit_count(), (-7).bit_count(), (1 << 100).bit_count(), ((1 << 100) - 1).bit_count(), (6).as_integer_ratio())
for x in (0.0, 2.5, -3.0, 1e300):
    print(x.real, x.imag, x.is_integer(), x.conjugate())
print(float("inf").is_integer(), float("nan").is_integer())
