# oracle=cpython level=minimal
# The assignment expression binds where it stands.
data = [1, 5, 2, 8]
if (n := len(data)) > 3:
    print("n", n)
i = 0
while (v := data[i]) != 2:
    print("v", v)
    i += 1
print(v)
print([y := 10, y + 1, y * 2], y)

def f():
    total = 0
    while (total := total + 3) < 10:
        pass
    return total

print(f())
print((a := 1) + (b := 2), a, b)
filtered = [sq for x in data if (sq := x * x) > 10]
print(filtered, sq)
print(any((hit := x) > 4 for x in data), hit)

def g(x=(d := 4)):
    return x

print(g(), d)
