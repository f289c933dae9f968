# oracle=cpython level=minimal
# Each operand of a chain is evaluated once, and only as far as needed.
def say(x):
    print("eval", x)
    return x

print(say(1) < say(2) < say(3))
print(say(3) < say(2) < say(1))
print(say(1) == say(1) != say(2) >= say(2))
print(say(5) in [say(5), 6] is not None)
x = 5
print(1 < x < 10, 1 < x < 3, 10 > x >= 5, x == 5 == x)
if say(1) < say(0) < say(9):
    print("yes")
else:
    print("no")
while not say(1) < say(2) < say(3):
    pass
a = b = c = say(7)
print(a, b, c)
