# oracle=cpython level=full
# User descriptors and __set_name__.
class Field:
    def __set_name__(self, owner, name):
        self.name = "_" + name
        print("named", owner.__name__, name)
    def __get__(self, obj, cls):
        if obj is None:
            return "class access"
        return getattr(obj, self.name, "unset")
    def __set__(self, obj, value):
        print("setting", self.name)
        setattr(obj, self.name, value)
    def __delete__(self, obj):
        print("deleting", self.name)
        delattr(obj, self.name)

class Rec:
    a = Field()
    b = Field()

r = Rec()
print(r.a)
r.a = 1
r.b = 2
print(r.a, r.b, r._a)
del r.a
print(r.a)
