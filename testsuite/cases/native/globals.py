# oracle=cpython level=core
# Names of the module, found where they are expected, elsewhere, or not at all.
total = 0
names = ["a%d" % i for i in range(40)]

def value():
    return total

def add(n):
    global total
    for i in range(n):
        total = total + i * value()  - i
    return total

def late(n):
    got = []
    for i in range(n):
        got.append(later)
    return got

def shadow(n):
    for i in range(n):
        print(len([1]))

def gone(n):
    for i in range(n):
        print(vanishing)

def grown(n):
    for i in range(n):
        globals()["x%d" % i] = i
        print(value(), names[i], x1 if i > 1 else None)

def here():
    global own
    for i in range(2):
        print(own, value)
    own = 5
    for i in range(2):
        print(own)

x1 = "first"
vanishing = 3
print(add(5))
try:
    late(2)
except NameError:
    print("not yet")
later = "now"
print(late(2))
shadow(2)
len = lambda x: "mine"
shadow(2)
del len
shadow(1)
grown(30)
gone(1)
del vanishing
try:
    gone(1)
except NameError:
    print("gone")
vanishing = 4
gone(2)
own = 4
value = "value"
here()
