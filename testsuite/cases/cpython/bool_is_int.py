# oracle=cpython level=core engines=hognose,boards
# bool is a class derived from int.
print(isinstance(True, int), issubclass(bool, int), isinstance(1, bool))
print(True.bit_length(), False.to_bytes(1, "big"), bool.__bases__[0] is int)
