# oracle=cpython level=core
# Generators that feed each other lazily.
def numbers():
    n = 0
    while True:
        yield n
        n += 1

def take(n, it):
    for _ in range(n):
        yield next(it)

def where(pred, it):
    for x in it:
        if pred(x):
            yield x

def pairs(it):
    prev = next(it)
    for x in it:
        yield prev, x
        prev = x

print(list(take(5, where(lambda x: x % 3 == 0, numbers()))))
print(list(pairs(take(4, numbers()))))

def sieve():
    found = []
    for n in numbers():
        if n > 1 and all(n % p for p in found):
            found.append(n)
            yield n
print(list(take(10, sieve())))

def tree(n):
    return None if n == 0 else (tree(n - 1), n, tree(n - 1))
def walk(t):
    if t:
        l, v, r = t
        yield from walk(l)
        yield v
        yield from walk(r)
print(list(walk(tree(3))))
a, b, *c = take(5, numbers())
print(a, b, c)
print(max(take(4, numbers())), sorted(take(3, numbers()), reverse=True))
