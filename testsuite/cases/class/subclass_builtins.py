# oracle=cpython level=core
# Classes derived from built-in types.
class MyList(list):
    def total(self): return sum(self)
    def append(self, x):
        super().append(x * 2)

l = MyList([1, 2])
l.append(5)
print(l, l.total(), len(l), l[0], isinstance(l, list), l == [1, 2, 10], l[1:])
class MyDict(dict):
    def get2(self, k): return self.get(k), k in self
d = MyDict(a=1)
d["b"] = 2
print(sorted(d.items()), d.get2("a"), d.get2("z"), len(d))
class MyInt(int):
    def double(self): return self * 2
i = MyInt(21)
print(i + 1, i.double(), i == 21, i < 22)
class MyStr(str):
    def shout(self): return self.upper() + "!"
s = MyStr("hey")
print(s.shout(), s + "x", len(s), s[0], s == "hey", "e" in s)
class MyTuple(tuple):
    def first(self): return self[0]
t = MyTuple((1, 2))
print(t.first(), len(t), list(t), t == (1, 2))
class MyErr(ValueError):
    def __init__(self, code):
        super().__init__("code %d" % code)
        self.code = code
try:
    raise MyErr(7)
except ValueError as e:
    print(e, e.code, e.args)
class Init(list):
    def __init__(self, n):
        super().__init__(range(n))
        self.n = n
print(Init(3), Init(2).n)
class F(float):
    pass
print(F(1.5) + 1)
