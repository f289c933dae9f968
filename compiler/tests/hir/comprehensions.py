# Comprehensions in machine code become part of the function, if they keep to themselves.
import micropython


@micropython.native
def inlined(a, x):
    first = [x * 2 for x in a if x]
    pairs = {k: [v for v in range(k)] for k, *_ in a}
    nested = {y for row in a for y in row}
    kept = [(last := item) for item in a]
    return first, pairs, nested, kept, last, x


@micropython.native
def with_a_scope(a):
    late = [q for p in a for q in q]
    made = [lambda: i for i in a]
    inner = [sum(j for j in i) for i in a]
    return late, made, inner


with_lines = [n for n in range(3)]
