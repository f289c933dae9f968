# oracle=cpython level=core
# Instances without __iter__ and __getitem__ cannot be iterated, whoever asks.
class A:
    pass


def unpack():
    a, b = A()


def loop():
    for _ in A():
        pass


def delegate():
    yield from A()


def check(f):
    try:
        f()
    except TypeError as e:
        print("TypeError", str(e).replace("is not", "isn't").startswith("'A' object isn't iterable"))


for f in (
    lambda: iter(A()),
    loop,
    lambda: list(A()),
    lambda: next(delegate()),
    lambda: sum(A()),
    lambda: sorted(A()),
    lambda: zip(A()),
    lambda: [].extend(A()),
    lambda: set(A()),
):
    check(f)
try:
    unpack()
except TypeError:
    print("unpack")
