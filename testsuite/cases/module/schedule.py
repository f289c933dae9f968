# oracle=stock level=core
# micropython.schedule runs callbacks between bytecodes.
import micropython
log = []
def cb(arg):
    log.append(arg)
micropython.schedule(cb, 1)
for i in range(100):
    pass
print(log)
micropython.schedule(cb, "two")
while len(log) < 2:
    pass
print(log)
try:
    micropython.schedule(cb)
except TypeError:
    print("TypeError")
