# oracle=cpython level=core
# The matrix multiplication operator calls its special methods.
class M:
    def __init__(self, r): self.r = r
    def __matmul__(self, o):
        return M([[sum(a * b for a, b in zip(row, col)) for col in zip(*o.r)] for row in self.r])
    def __repr__(self): return "M" + repr(self.r)

a = M([[1, 2], [3, 4]])
b = M([[0, 1], [1, 0]])
print(a @ b, b @ a)
a @= b
print(a)
class R:
    def __rmatmul__(self, o): return ("r", o)
print(3 @ R())
try:
    1 @ 2
except TypeError:
    print("TypeError")
