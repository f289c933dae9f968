# oracle=stock level=minimal
# raise ... from: the cause is accepted; stock says that it keeps none.
try:
    raise ValueError("x") from KeyError("y")
except ValueError as e:
    print(e.args)
try:
    raise ValueError("z") from None
except ValueError as e:
    print(e.args)
