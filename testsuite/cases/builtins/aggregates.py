# oracle=cpython level=core
# sum, min, max, any, all, len, abs, divmod, pow, round.
print(sum([1, 2, 3]), sum([], 5), sum((0.5, 1)), sum(range(101)), sum([[1], [2]], []))
print(min(1, 2), max([1, 5, 3]), min("hello"), max("a", "b", key=ord), min([3, -4], key=abs), max([], default=0))
print(any([]), all([]), any([0, 1]), all([1, 0]), any(x > 2 for x in (1, 2, 3)))
print(abs(-5), abs(5), abs(-2.5), abs(True), abs(-2**40))
print(divmod(7, 2), divmod(-7, 2), divmod(7, -2), divmod(-7, -2), divmod(10**20, 7))
print(pow(2, 10), pow(2, 0), pow(3, 4, 5), pow(-2, 3), pow(2, 100), pow(7, 10**3, 13))
print(round(2.5), round(3.5), round(-2.5), round(2.4), round(7), round(1234.5678, 2), round(-0.5))
for bad in (lambda: min(), lambda: max([]), lambda: sum(["a"]), lambda: sum(5), lambda: len(5), lambda: abs("x"), lambda: divmod(1, 0)):
    try:
        bad()
    except (TypeError, ValueError, ZeroDivisionError) as e:
        print(type(e).__name__)
