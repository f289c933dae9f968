# oracle=cpython level=minimal
# Arguments and texts of exceptions.
for e in (ValueError(), ValueError("a"), ValueError("a", 1), ValueError(None), ValueError([1])):
    print(e.args, str(e), e.args == e.args)
e = OSError(2)
print(e.args)
e = OSError(5, "five")
print(e.args, e.errno)
s = StopIteration(4)
print(s.value, s.args, StopIteration().value)
k = KeyError("k")
print(k.args)
class My(Exception):
    pass
m = My("x", 2)
print(m.args, str(m), isinstance(m, Exception))
m.extra = 5
print(m.extra)
class Deep(My):
    def __init__(self, a):
        super().__init__(a, a * 2)
    def __str__(self):
        return "deep " + str(self.args)
print(Deep(2), Deep(3).args)
try:
    raise Deep(4)
except My as e:
    print(e)
