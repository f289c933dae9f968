# oracle=stock level=core needs=lines
# An exception that nobody catches prints where it came from.
def inner(x):
    return 10 // x

def middle(x):
    y = inner(x)
    return y + 1

class C:
    def method(self, v):
        return [middle(i) for i in (1, v)]

print(middle(5))
print("before")
C().method(0)
print("never")
