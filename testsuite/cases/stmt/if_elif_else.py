# oracle=cpython level=minimal needs=lines
# Every path through if statements, with constants as conditions too.
def kind(n):
    if n < 0:
        return "neg"
    elif n == 0:
        return "zero"
    elif n < 10:
        if n % 2:
            return "small odd"
        else:
            return "small even"
    else:
        return "big"

print([kind(n) for n in (-5, 0, 3, 4, 50)])
if 0:
    print("never")
elif "":
    print("never")
elif 1:
    print("constant elif")
else:
    print("never")
if not ():
    print("empty tuple is false")
if 1 and 0 or 1:
    print("folded")
if None: print("no")
else: print("one line")
x = 3
if x == 3: y = 1; z = 2
print(y, z)
if __debug__:
    print("debug")
