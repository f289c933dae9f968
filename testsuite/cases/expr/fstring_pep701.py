# oracle=cpython level=minimal syntax=extended python=3.12
# PEP 701: quotes of the same kind, backslashes and comments inside fields.
names = ["a", "b"]
d = {"k": "v"}
print(f"{d["k"]}")
print(f"{"\n".join(names)}")
print(f"{f"{f"{1 + 1}"}"}")
print(f"{
    d["k"]  # the key
}")
print(f'{'x' + 'y'}')
print(f"{(lambda x: x + 1)(2)}")
print(f"{"a" "b"}", f"{"{}"}", f"{'\t'!r}")
print(f"{names!r:>{len("0123456789012")}}")
