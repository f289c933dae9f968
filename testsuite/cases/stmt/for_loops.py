# oracle=cpython level=core
# for over many iterables, with else, nested break and changed targets.
for i in range(3):
    print(i, end=" ")
else:
    print("done")
for c in "abc":
    if c == "b":
        continue
    if c == "c":
        break
    print(c)
else:
    print("no")
for i in range(10, 0, -3):
    print(i, end=",")
print()
for i in range(5):
    print(i, end=" ")
    i = 100
print(i)
for a, (b, c) in [(1, (2, 3)), (4, (5, 6))]:
    print(a + b + c)
l = []
for l[len(l):] in ([1], [2, 3]):
    pass
print(l)
class O: pass
for O.attr in range(3):
    pass
print(O.attr)
for i in ():
    print("never")
else:
    print("empty")
out = []
for i in range(4):
    for j in range(4):
        if j > i:
            break
        if (i + j) % 2:
            continue
        out.append((i, j))
    else:
        out.append("full")
print(out)
for k, v in sorted({"x": 1, "y": 2}.items()):
    print(k, v)
