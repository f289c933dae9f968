# oracle=cpython level=minimal syntax=extended
# except* hands out a group, even for an exception that is none.
try:
    raise ValueError("plain")
except* ValueError as g:
    print([type(e).__name__ for e in g.exceptions])
