# oracle=cpython level=minimal syntax=extended
# with statements over several lines in parentheses.
class CM:
    def __init__(self, n): self.n = n
    def __enter__(self):
        print("enter", self.n)
        return self.n * 10
    def __exit__(self, *a):
        print("exit", self.n)

with (CM(1) as a, CM(2) as b):
    print(a, b)
with (
    CM(3) as c,
    CM(4),
):
    print(c)
with (CM(5)) as d:
    print(d)
with (CM(6), CM(7)):
    print("two")
with (CM(8) as e):
    print(e)
def f():
    with (CM(9) as x, CM(10) as y,):
        return x + y
print(f())
