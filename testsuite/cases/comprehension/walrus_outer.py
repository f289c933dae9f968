# oracle=stock level=core
# := in an inner comprehension may name the variable of an outer one, which it then binds.
j = "outside"
print([[(j := i) for i in range(2)] for j in range(5, 7)], j)
print([[(j := j + i) for i in range(2)] + [j] for j in range(5, 7)], j)
def f(n):
    k = "outside"
    rows = [[(k := k + i) for i in range(2)] + [k] for k in range(n)]
    return rows, k
print(f(2))
