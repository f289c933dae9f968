# oracle=cpython level=minimal
# What a function returns for every pair of ways to leave try and finally.
def f(a, b):
    for i in range(2):
        try:
            if a == "return":
                return "try"
            if a == "raise":
                raise ValueError
            if a == "break":
                break
            if a == "continue":
                continue
        finally:
            if b == "return":
                return "finally"
            if b == "break":
                break
            if b == "continue":
                continue
    else:
        return "else"
    return "end"

for a in ("return", "raise", "break", "continue", "fall"):
    for b in ("return", "break", "continue", "fall"):
        try:
            print(a, b, f(a, b))
        except ValueError:
            print(a, b, "ValueError")
