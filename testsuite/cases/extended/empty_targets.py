# oracle=cpython level=minimal syntax=extended
# Empty displays as targets check that nothing is left.
() = []
[] = ()
for () in ([], ()):
    print("round")
try:
    () = [1]
except ValueError:
    print("ValueError")
print("end")
