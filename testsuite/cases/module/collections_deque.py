# oracle=cpython level=core
# deque.
from collections import deque
d = deque((), 5)
for i in range(4):
    d.append(i)
print(len(d), d.popleft(), d.pop(), list(d))
d.appendleft("front")
print(list(d), d[0], d[-1], bool(d), bool(deque((), 1)))
d.extend([7, 8, 9])
print(list(d))
d[0] = "changed"
print(list(d))
e = deque([1, 2, 3], 3)
e.append(4)
print(list(e), len(e))
for bad in (lambda: deque((), 2).popleft(), lambda: deque((), 2).pop(), lambda: d[100]):
    try:
        bad()
    except IndexError:
        print("IndexError")
print([x * 2 for x in e], sum(e), max(e))
