# oracle=stock level=core engines=boards
# What is frozen stays in flash: beyond a module with one small number, a function, a
# tuple of 1,000 entries and a text of 10,000 bytes take no heap at import.
import gc
import sys
def number(): import number
def function(): import function
def row(): import row
def text(): import text
def cost(load):
    gc.collect()
    before = gc.mem_alloc()
    load()
    after = gc.mem_alloc()
    return after - before
cost(number)
del sys.modules["number"]
base = cost(number)
del sys.modules["number"]
for load in (function, row, text):
    print(load.__name__, cost(load) - base)
    del sys.modules[load.__name__]
import function, row, text
print(function.X(20, 1), len(row.X), row.X[999], len(text.X))
