# oracle=cpython level=core
# True and False in arithmetic.
print(True + 1, False - 1, True * 5, True / 2, True // 1, -True, ~True, +False)
print(True == 1, False == 0, True < 2, 1 & True)
print([10, 20][True], "ab"[False], sum([True, True, False]), range(True), "x" * True)
print(int(True), float(False), str(True), repr(False), bool(5), bool(0.0), bool("0"))
print(True and 5, not 0, True is (1 == 1), {True: "a"}[1], {0: "z"}[False])
print(max(True, 0), sorted([True, False, True]), 2 ** True, hash(True) == hash(1))
print("%d %s" % (True, True), "{:d} {}".format(True, False), isinstance(True, bool))
