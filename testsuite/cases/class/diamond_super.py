# oracle=cpython level=core
# super() walks the method resolution order in a diamond.
class Root:
    def go(self):
        return ["Root"]

class L(Root):
    def go(self):
        return ["L"] + super().go()

class M(Root):
    def go(self):
        return ["M"] + super().go()

class Bottom(L, M):
    def go(self):
        return ["Bottom"] + super().go()

print(Bottom().go()[:2], L().go(), M().go())
