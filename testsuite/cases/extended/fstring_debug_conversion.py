# oracle=cpython level=minimal syntax=extended
# The debugging form with blanks and a conversion.
name = "Ann"
n = 3
print(f"{name = !s}", f"{name=!r}", f"{n = :>4}", f"{ n + 1 = }", f"{n=!r:>5}")
