# oracle=cpython level=core
# Loops with else clauses inside try blocks and the other way round.
def search(items, wanted):
    try:
        for i in items:
            if i == wanted:
                break
        else:
            raise LookupError(wanted)
    except LookupError as e:
        return "missing %s" % e.args
    else:
        return "found %s" % i
    finally:
        print("searched")

print(search([1, 2, 3], 2))
print(search([1, 2, 3], 9))
n = 5
while n:
    n -= 1
    try:
        if n == 3:
            continue
        if n == 1:
            raise StopIteration
    except StopIteration:
        print("stop at", n)
        break
    finally:
        print("n", n)
else:
    print("never")
for i in range(2):
    try:
        pass
    except ValueError:
        pass
    else:
        if i:
            break
        continue
else:
    print("never")
print(i)
