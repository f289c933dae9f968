# oracle=cpython level=core
# Errors inside comprehensions leave everything in order.
def bad(x):
    if x == 2:
        raise ValueError(x)
    return x

for attempt in (lambda: [bad(i) for i in range(4)],
                lambda: {bad(i) for i in range(4)},
                lambda: {i: bad(i) for i in range(4)},
                lambda: list(bad(i) for i in range(4))):
    try:
        attempt()
    except ValueError as e:
        print("ValueError", e.args)
print([i for i in range(3)])
def f():
    for i in range(3):
        try:
            yield [bad(j) for j in range(i + 1)]
        except ValueError:
            yield "error"
print(list(f()))
def stop():
    raise StopIteration
try:
    print([stop() for _ in range(3)])
except StopIteration:
    print("StopIteration passes through")
