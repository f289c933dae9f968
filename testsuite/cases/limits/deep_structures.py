# oracle=stock level=core
# Structures nested deeply print, compare and are collected without harm.
import gc
l = []
for i in range(200):
    l = [l]
gc.collect()
n = 0
m = l
while m:
    m = m[0]
    n += 1
print(n)
t = ()
for i in range(100):
    t = (t,)
print(t == t, len(str(t)) > 100)
node = None
for i in range(2000):
    node = {"next": node}
gc.collect()
c = 0
while node:
    node = node["next"]
    c += 1
print(c)
big = [None]
for i in range(3000):
    big = [i, big]
try:
    repr(big)
except RuntimeError:
    pass
print("survived")
