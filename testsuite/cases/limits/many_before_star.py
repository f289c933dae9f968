# oracle=cpython level=core syntax=extended
# Starred arguments may come after any number of others.


def count(*args):
    return len(args), args[-1]


class Box:
    def count(self, *args):
        return len(args), args[-1]


print(
    count(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
          20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, *(100, 101), 102)
)
print(
    Box().count(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
                20, 21, 22, 23, 24, 25, 26, 27, 28, 29, *(100, 101), 102)
)
print(
    count(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
          20, 21, 22, 23, 24, 25, 26, 27, 28, *(100, 101), *[5])
)
