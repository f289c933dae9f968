# oracle=stock level=full engines=npm,hognose
# Template strings.
name = "Ann"
n = 5
t = t"hello {name}, {n + 1:>4} {n!r}"
print(type(t).__name__, t.strings, t.values)
print([(i.value, i.expression, i.conversion, i.format_spec) for i in t.interpolations])
print((t"x{1}" + t"y{2}").strings, len(list(t"{1} {2}")))
from string.templatelib import Template
print(isinstance(t, Template))
