# oracle=cpython level=full engines=hognose needs=cpython
# A class derived from a container has it before its own __init__ runs.
class Pair(list):
    def __init__(self, a, b):
        self.append(a)
        self.append(b)


class Defaults(dict):
    def __init__(self, **more):
        self["kind"] = "default"
        self.update(more)


class Letters(set):
    def __init__(self, text):
        for c in text:
            self.add(c)


class Again(list):
    def __init__(self, *items):
        self.append("gone")
        super().__init__(items)


print(Pair(1, 2), len(Pair(3, 4)), Defaults(a=1), sorted(Letters("hello")), Again(1, 2))
