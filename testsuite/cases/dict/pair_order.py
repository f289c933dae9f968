# oracle=cpython level=minimal syntax=extended
# The key of a pair is evaluated before its value.


def f(x):
    print("f", x)
    return x


def local_keys():
    a, b = 1, 2
    made = {(c := a): (a := b) + (b := a + c) - b for _ in range(6)}
    print([(k, made[k]) for k in (1, 2, 3, 5, 8, 13)])
    k = 5
    made = {k: (k := 6), k: f(7), f(10): k, **{11: 12}, f(8): f(9), 3: f(4)}
    print([(k, made[k]) for k in (3, 5, 6, 8, 10, 11)])


local_keys()
made = {f(i): f(j) for i in range(2) for j in range(2)}
print(made[0], made[1])


class C:
    pairs = {f(1): f(2)}


print(C.pairs)
