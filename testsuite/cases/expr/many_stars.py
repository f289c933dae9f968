# oracle=cpython level=core engines=hognose syntax=extended
# As many stars as one likes, in order.
a = [7]


def f(*args):
    return len(args), sum(args), args[:8], args[-4:]


print(f(
    0, *a, *a, 3, *a, *a, 6, *a, *a, 9, *a, *a, 12, *a, *a,
    15, *a, *a, 18, *a, *a, 21, *a, *a, 24, *a, *a, 27, *a, *a,
    30, *a, *a, 33, *a, *a, 36, *a, *a, 39, *a, *a, 42, *a, *a,
    45, *a, *a, 48, *a, *a, 51, *a, *a, 54, *a, *a, 57, *a, *a,
    60, *a, *a, 63, *a, *a, 66, *a, *a, 69, *a, *a, 72, *a, *a,
    75, *a, *a, 78, *a, *a, 81, *a, *a, 84, *a, *a, 87, *a, *a,
    90, *a, *a, 93, *a, *a, 96, *a, *a, 99, *a, *a, 102, *a, *a,
    105, *a, *a, 108, *a, *a, 111, *a, *a, 114, *a, *a, 117, *a, *a,
    120, *a, *a, 123, *a, *a, 126, *a, *a, 129, *a, *a, 132, *a, *a,
    135, *a, *a, 138, *a, *a, 141, *a, *a, 144, *a, *a, 147, *a, *a,
))
