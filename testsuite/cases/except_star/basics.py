# oracle=cpython level=minimal syntax=extended engines=hognose
# except* with groups and with plain exceptions.
try:
    raise ValueError("plain")
except* ValueError as g:
    print(type(g).__name__, [type(e).__name__ for e in g.exceptions])
try:
    pass
except* ValueError:
    print("never")
else:
    print("else")
finally:
    print("finally")
