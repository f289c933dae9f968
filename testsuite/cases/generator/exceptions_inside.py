# oracle=cpython level=core
# Exceptions raised in and thrown into generators, caught at every level.
def risky(n):
    for i in range(n):
        if i == 2:
            raise ValueError("at %d" % i)
        yield i
out = []
try:
    for x in risky(5):
        out.append(x)
except ValueError as e:
    print(out, e.args)
it = risky(5)
print([next(it), next(it)])
for _ in range(2):
    try:
        next(it)
    except ValueError as e:
        print("ValueError", e.args)
    except StopIteration:
        print("finished after the error")
def resilient():
    n = 0
    while n < 5:
        try:
            n += 1
            yield n
        except (ValueError, KeyError) as e:
            print("inside:", type(e).__name__)
            yield "recovered"
r = resilient()
print(next(r), r.throw(ValueError()), next(r), r.throw(KeyError("k")), next(r))
def wrapper():
    try:
        yield from risky(5)
    except ValueError:
        yield "wrapped"
print(list(wrapper()))
def cleanup(log):
    try:
        yield 1
        yield 2
    except GeneratorExit:
        log.append("exit")
        raise
    finally:
        log.append("finally")
log = []
c = cleanup(log)
next(c)
c.close()
print(log)
try:
    list(x // 0 for x in (1, 2))
except ZeroDivisionError:
    print("ZeroDivisionError from a generator expression")
print(sum(x for x in risky(2)), max(risky(2)), sorted(risky(2), reverse=True))
