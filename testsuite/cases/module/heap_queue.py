# oracle=cpython level=core
# heapq.
import heapq
h = []
for x in (5, 1, 4, 1, 5, 9, 2, 6):
    heapq.heappush(h, x)
print([heapq.heappop(h) for _ in range(len(h))])
l = [9, 3, 7, 1]
heapq.heapify(l)
print(l[0], [heapq.heappop(l) for _ in range(4)])
try:
    heapq.heappop([])
except IndexError:
    print("IndexError")
t = []
for p in ((2, "b"), (1, "z"), (1, "a")):
    heapq.heappush(t, p)
print([heapq.heappop(t) for _ in range(3)])
