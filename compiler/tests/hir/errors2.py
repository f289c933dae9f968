def f():
    from x import *
    nonlocal q
    async for i in x: pass
    try: pass
    except: pass
    except E: pass
    [i := 1 for i in x]
    super()
match x:
    case a: pass
    case b: pass
match x:
    case [a, a] | [a]: pass
Y = const(f())
try: pass
except* E:
    return
