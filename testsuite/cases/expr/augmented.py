# oracle=cpython level=minimal
# In-place operators, on names, items and attributes.
x = 10
x += 5; print(x)
x -= 3; print(x)
x *= 2; print(x)
x //= 5; print(x)
x **= 3; print(x)
x %= 50; print(x)
x <<= 4; print(x)
x >>= 2; print(x)
x |= 3; print(x)
x &= 0x3F; print(x)
x ^= 0xFF; print(x)
l = [1]
m = l
l += (2, 3)
print(l, m is l)
l *= 2
print(l)
t = u = (1,)
t += (2,)
print(t, u)
s = "a"
s += "b"
s *= 3
print(s)
class Acc:
    def __init__(self): self.v = []
    def __iadd__(self, o):
        self.v.append(o)
        return self
a = b = Acc()
a += 1
a += 2
print(a.v, a is b)
d = {"k": [1]}
d["k"] += [2]
print(d)
a.v += [9]
print(b.v)
