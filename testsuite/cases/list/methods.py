# oracle=cpython level=core
# Methods of lists.
l = [3, 1, 2]
l.append(5)
l.extend((6, 7))
l.extend(x for x in "ab")
l.insert(0, "first")
l.insert(-1, "almost last")
l.insert(100, "end")
l.insert(-100, "start")
print(l)
print(l.pop(), l.pop(0), l.pop(-2), l)
l.remove("first")
print(l, l.index(5), l.count(1), [1, 1, 2].count(1))
l = [3, 1, 2]
print(l.sort(), l, l.reverse(), l)
m = l.copy()
m.append(9)
print(l, m, l == m[:3])
l.clear()
print(l, len(l))
for bad in (lambda: [].pop(), lambda: [1].pop(5), lambda: [1].remove(2), lambda: [1].index(2), lambda: [1][1], lambda: [1]["a"]):
    try:
        bad()
    except (IndexError, ValueError, TypeError) as e:
        print(type(e).__name__)
print([1, 2, 3].index(3, 1), [1, 2] + [3], [0] * 3, 2 * [1, 2], [1] * 0, [1] * -1)
a = [1, 2]
a += a
a.extend(a)
print(a, len(a))
n = []
n.append(n)
print(len(n), n[0] is n)
