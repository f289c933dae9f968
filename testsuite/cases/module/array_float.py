# oracle=cpython level=core needs=f64
# Arrays of floats.
import array
a = array.array("d", [0.1, 0.2])
print(a, a[0], sum(a), list(a))
f = array.array("f", [0.5, 1, -2])
print(f, f[1])
f.append(2.25)
f[0] = 8
print(list(f))
