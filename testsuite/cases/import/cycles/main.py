# oracle=cpython level=minimal
# Two modules that import each other.
import first
import second
print(first.done, second.done, first.second is second, second.first is first)
print(first.use(), second.use())
