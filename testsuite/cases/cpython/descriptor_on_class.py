# oracle=cpython level=full engines=hognose needs=cpython
# A descriptor is asked by the class as well.
class Lazy:
    def __init__(self, f):
        self.f = f

    def __get__(self, instance, owner):
        return (instance is None, owner.__name__, self.f(owner))


class Base:
    @Lazy
    def both(cls):
        return cls.__name__.lower()


class Derived(Base):
    pass


print(Base.both, Base().both, Derived.both, Derived().both)
