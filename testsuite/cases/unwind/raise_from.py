# oracle=stock level=minimal
# raise ... from: the cause is accepted; stock says that it keeps none. What goes to standard
# error comes last, since some engines collect it apart.
try:
    raise ValueError("z") from None
except ValueError as e:
    print(e.args)
try:
    raise ValueError("x") from KeyError("y")
except ValueError as e:
    if e.args != ("x",):
        print("wrong", e.args)
