# oracle=stock level=minimal needs=lines
# Tracebacks through generators and classes.
def gen(n):
    for i in range(n):
        if i == 2:
            raise KeyError(i)
        yield i

def consume(it):
    return [x for x in it]

class Body:
    value = consume(gen(2))
    print(value)
    consume(gen(5))
