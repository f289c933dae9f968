# oracle=stock level=core needs=lines
# sys.print_exception and the attributes of sys.
import sys
def f():
    raise ValueError("shown", 2)
try:
    f()
except ValueError as e:
    sys.print_exception(e)
try:
    {}["k"]
except KeyError as e:
    sys.print_exception(e, sys.stdout)
import io
try:
    [][1]
except IndexError as e:
    s = io.StringIO()
    sys.print_exception(e, s)
    print(s.getvalue().split("\n")[-2])
sys.print_exception(TypeError("never raised"))
