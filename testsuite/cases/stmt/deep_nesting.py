# oracle=cpython level=minimal
# Loops inside try inside with inside loops: each level leaves properly.
class CM:
    def __init__(self, n): self.n = n
    def __enter__(self):
        print("enter", self.n)
        return self
    def __exit__(self, *a):
        print("exit", self.n, a[0].__name__ if a[0] else None)
        return self.n == 2

def f(mode):
    for i in range(3):
        try:
            with CM(i) as c:
                for j in range(3):
                    if mode == "break" and j == 1:
                        break
                    if mode == "continue" and j == 1:
                        continue
                    if mode == "return" and i == 1:
                        return "returned"
                    if mode == "raise" and i == 2:
                        raise ValueError(i)
                    print("body", i, j)
        finally:
            print("finally", i)
    return "end"

for mode in ("plain", "break", "continue", "return", "raise"):
    print(mode, f(mode))
