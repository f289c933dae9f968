# oracle=cpython level=full engines=hognose needs=cpython
# Attributes and items in the fields of formats.
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = [y, {"deep": "down"}]


p = Point(1, 2)
print("{0.x} {0.y[0]} {p.y[1][deep]}".format(p, p=p))
print("{[1]} {.real:>5}|".format("abc", 7))
print("{a[key word]}".format(a={"key word": 3}))
print("{x} and {y:.2f}".format_map({"x": "one", "y": 2}))
for form in ("{.nothing}", "{[nothing]}", "{[9]}"):
    try:
        form.format([1])
    except (AttributeError, TypeError, IndexError) as e:
        print(type(e).__name__)
