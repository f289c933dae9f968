# oracle=cpython level=core
# Attributes in loops: members, what classes hold, properties, special methods, and what has none.
class Plain:
    shared = 10
    def __init__(self, x):
        self.x = x
    def double(self):
        return self.x * 2
    @property
    def third(self):
        return self.x // 3
    @third.setter
    def third(self, value):
        self.x = value * 3

class Asks:
    def __getattr__(self, name):
        return name + "?"
    def __setattr__(self, name, value):
        object.__setattr__(self, name, (value, value))

class Derived(Plain):
    shared = 20

class Table(dict):
    pass

class Failure(Exception):
    pass

def walk(things):
    seen = []
    for thing in things:
        thing.x = 7
        thing.more = thing.x
        thing.x = thing.more
        seen.append((thing.x, thing.more, thing.shared))
    return seen

def count(thing, n):
    total = 0
    for i in range(n):
        thing.x += i
        thing.third = thing.x
        total += thing.x + thing.third + thing.shared
        thing.x = 1
    return total

def delete(thing):
    for name in range(3):
        try:
            del thing.x
        except AttributeError:
            print("gone")
        try:
            print(thing.x)
        except AttributeError:
            print("no x")

def many(thing):
    for i in range(20):
        setattr(thing, "m" + str(i), i)
    total = 0
    for i in range(3):
        total += thing.m0 + thing.m10 + thing.m19
        thing.m10 = i
    return total

def refuse(things):
    for thing in things:
        try:
            thing.x = 1
            print(thing.x)
        except (AttributeError, TypeError) as e:
            print("refused")
        try:
            print(thing.nothing)
        except AttributeError:
            print("nothing")

print(walk([Plain(1), Derived(2), Asks()]))
print(count(Plain(3), 6), count(Derived(4), 6))
delete(Plain(5))
print(many(Plain(6)), many(Table()), many(Failure()))
table, failure = Table(a=1), Failure("f", 2)
for i in range(2):
    table.x = failure.x = i
    print(table.x, failure.x, table, failure.args, len(table))
refuse([1, None, "text", (1, 2), [3], 2.5, len, object()])
Plain.x = 99
print(Plain.x, [p.x for p in (Plain(1), Derived(2))])
