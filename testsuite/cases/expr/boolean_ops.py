# oracle=cpython level=core
# and, or, not: which value comes out, and in branches.
class B:
    def __init__(self, v): self.v = v
    def __bool__(self):
        print("bool", self.v)
        return self.v
    def __repr__(self): return "B(%s)" % self.v

T, F = B(True), B(False)
print(T and F)
print(F and T)
print(T or F)
print(F or T)
print(not T, not F)
if T and not F:
    print("both")
if not (F or not T):
    print("neither")
while F or F:
    print("never")
x = F or T and F or T
print(x)
class L:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
print(bool(L(0)), bool(L(2)), not L(0))
print(bool([]), bool([0]), bool(""), bool(" "), bool(0.0), bool({}), bool(None))
print(all([]), any([]), all([1, 0]), any([0, 1]))
