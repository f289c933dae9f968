# oracle=cpython level=minimal
# while with else, break, continue and constant conditions.
i = 0
while i < 5:
    i += 1
    if i == 2:
        continue
    if i == 4:
        break
    print("i", i)
else:
    print("not reached")
while i > 0:
    i -= 1
else:
    print("else at", i)
while False:
    print("never")
else:
    print("else of false")
n = 0
while True:
    n += 1
    if n < 3:
        continue
    while 1:
        n += 10
        if n > 40:
            break
    else:
        print("never")
    break
print(n)
def f():
    while 1:
        for x in range(3):
            if x == 2:
                return x
print(f())
