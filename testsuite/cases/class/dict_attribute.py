# oracle=cpython level=core
# The dictionaries of instances.
class C:
    cls_attr = 1
    def __init__(self):
        self.a = 1
        self.b = [2]
c = C()
print(sorted(c.__dict__.items()))
print("cls_attr" in c.__dict__, "cls_attr" in dir(c), "a" in dir(c))
print(sorted(k for k in C.__dict__ if not k.startswith("__")))
class D(C): pass
d = D()
d.z = 0
print(sorted(d.__dict__), len(D().__dict__))
