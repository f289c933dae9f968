# oracle=cpython level=core
# Methods in loops: own, inherited, hidden by members, static, of classes, built in.
class Base:
    def name(self):
        return "base"
    def inherited(self, n):
        return n + 1
    @staticmethod
    def fixed(n):
        return n * 2
    @classmethod
    def made(cls, n):
        return (cls.__name__, n)
    length = len
    value = 5

class Child(Base):
    def name(self):
        return "child of " + super().name()
    def hidden(self):
        return "class"

class Words(list):
    def second(self):
        return self[1]

def ask(things):
    said = []
    for thing in things:
        said.append(thing.name())
        said.append(thing.inherited(1))
        said.append(thing.fixed(4))
        said.append(thing.made(3))
        said.append(thing.length("four"))
    return said

def hide(thing):
    said = []
    for i in range(3):
        said.append(thing.hidden())
        thing.hidden = lambda: "member"
    return said

def change(thing):
    said = []
    for i in range(3):
        said.append(thing.name())
        Child.name = lambda self: "changed"
    return said

def words(lists):
    said = []
    for one in lists:
        one.append("c")
        said.append(one.second())
        said.append(one.index("c"))
        one.reverse()
        said.append(one.second())
    return said

def fails(things):
    for thing in things:
        try:
            thing.missing()
        except AttributeError:
            print("missing")
        try:
            thing.value()
        except (AttributeError, TypeError) as e:
            print("not called")
        try:
            thing.name(1, 2, 3)
        except (AttributeError, TypeError) as e:
            print("too many")

def keywords(thing):
    def method(*args, **kw):
        return args, sorted(kw.items())
    thing.method = method
    said = []
    for i in range(2):
        said.append(thing.method(i, x=i))
        said.append(thing.method(*(2,), x=1, **{"y": 3}))
        said.append(thing.inherited(n=i))
    return said

print(ask([Base(), Child()]))
print(hide(Child()))
print(change(Child()))
print(words([Words("ab"), Words(["x", "y", "z"])]))
fails([Base(), Child(), 1, None, "s", Base])
print(keywords(Base()))
total = 0
for i in range(4):
    total += "abcabc".count("b") + [1, 2, 1].count(1) + {1: 2}.get(1) + (1, 2).index(2)
print(total)
