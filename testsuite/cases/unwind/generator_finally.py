# oracle=cpython level=minimal
# finally blocks of generators: on exhaustion, close, throw and early exit.
def g(n):
    try:
        for i in range(n):
            yield i
    finally:
        print("finally of", n)

print(list(g(2)))
it = g(5)
for x in it:
    if x == 1:
        break
it.close()
it = g(3)
print(next(it))
it.close()
it = g(4)
next(it)
try:
    it.throw(ValueError("thrown"))
except ValueError as e:
    print(e.args)
def h():
    while True:
        try:
            yield "ask"
        except KeyError:
            print("ignored")
        finally:
            print("round")
it = h()
print(next(it))
print(it.throw(KeyError))
it.close()
def k():
    try:
        yield 1
    finally:
        try:
            yield 2
        finally:
            print("last")
print(list(k()))
