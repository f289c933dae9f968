# oracle=cpython level=minimal
# Code that cannot run is gone, what it means is not.
def gen_by_dead_yield():
    return
    yield 1
print(list(gen_by_dead_yield()))

x = "global"

def after_return():
    return "returned"
    print("never")
    while True:
        pass

def after_raise():
    raise ValueError("r")
    return 1

def after_loop():
    while True:
        if x:
            break
    else:
        return "never"
    return "after"

def both():
    if x:
        return 1
    else:
        return 2
    return 3

print(after_return(), after_loop(), both())
try:
    after_raise()
except ValueError as e:
    print(e)
while 0:
    print("never")
else:
    print("else runs")
for i in range(2):
    continue
    print("never")
if 1:
    print("one")
elif x:
    print("never")
