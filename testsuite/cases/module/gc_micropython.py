# oracle=stock level=core
# gc and micropython.
import gc
import micropython
gc.disable()
print(gc.isenabled())
gc.enable()
print(gc.isenabled(), type(gc.mem_free()).__name__, type(gc.mem_alloc()).__name__)
gc.collect()
before = gc.mem_alloc()
x = [bytearray(100) for _ in range(20)]
middle = gc.mem_alloc()
x = None
gc.collect()
print(middle > before)
print(micropython.opt_level() >= 0, micropython.const(5))
micropython.heap_lock()
try:
    [1, 2, 3] * 100
    print("never")
except MemoryError:
    pass
micropython.heap_unlock()
print("unlocked", [1] * 3)
