# oracle=cpython level=core needs=lines
# Assertions with and without messages.
assert True
assert 1, "not shown"
for check, msg in ((0, "zero"), ([], "empty"), (None, None)):
    try:
        assert check, msg
    except AssertionError as e:
        print("AssertionError", e.args)
try:
    assert False
except AssertionError as e:
    print("bare", e.args)
def f(x):
    assert x > 0, "x is %d" % x
    return x
print(f(3))
try:
    f(-1)
except AssertionError as e:
    print(e)
assert (lambda: True)(), print("message is not evaluated")
