# oracle=cpython level=minimal
# Operands are evaluated from left to right, targets after values.
log = []

def t(x):
    log.append(x)
    return x

def f(*args, **kw):
    return args, sorted(kw.items())

print(f(t(1), *[t(2)], k=t(3), **{"z": t(4)}))
print(log)
log.clear()
d = {}
d[t("a")] = t("b")
print(log)
log.clear()
lst = [0, 0, 0]
lst[t(0)], lst[t(1)] = t(10), t(11)
print(log, lst)
log.clear()
lst[t(0)] += t(5)
print(log, lst)
log.clear()
print(t(1) + t(2) * t(3) - t(4), log)
log.clear()
print(t(0) or t(1) and t(2), log)
log.clear()
print(t(1) if t(0) else t(2), log)
