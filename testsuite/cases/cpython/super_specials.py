# oracle=cpython level=full engines=hognose needs=cpython
# super() finds the special methods of a built-in base.
class Loud(list):
    def __getitem__(self, i):
        return ("item", super().__getitem__(i))

    def __setitem__(self, i, v):
        super().__setitem__(i, v * 2)

    def __delitem__(self, i):
        print("del", i)
        super().__delitem__(i)

    def __len__(self):
        return super().__len__() + 100

    def __contains__(self, v):
        return not super().__contains__(v)

    def __eq__(self, other):
        return super().__eq__(other)

    def __iadd__(self, other):
        return super().__iadd__(other)

    def __repr__(self):
        return "Loud" + super().__repr__()


l = Loud([1, 2, 3])
l[0] = 5
del l[1]
l += [7]
print(l[0], l, len(l), 5 in l, 6 in l, l == [10, 3, 7], type(l) is Loud)


class Count(dict):
    def __iter__(self):
        print("iter")
        return super().__iter__()

    def __len__(self):
        return -super().__len__() * -1


c = Count(a=1, b=2)
print(list(iter(c)), len(c))


class Odd(int):
    def __add__(self, other):
        return Odd(super().__add__(other) + 100)

    def __hash__(self):
        return super().__hash__() + 1


print(Odd(1) + 2, hash(Odd(4)), -Odd(3))


class Failed(Exception):
    def __str__(self):
        return "failed: " + super().__str__()


try:
    raise Failed("why")
except Failed as e:
    print(e)
