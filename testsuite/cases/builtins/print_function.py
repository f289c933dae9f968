# oracle=cpython level=core
# print: sep, end, many arguments, objects.
print()
print("a", "b", sep="")
print("a", "b", sep="-", end="!\n")
print(1, "a", None, True, 1.5, [1], (2,), {"k": 1})
print("no newline", end="")
print()
print(*[1, 2, 3], sep=", ")
print("x", end="\n\n")
print(*"abc", sep="\n")
print("tab\there", "uni é")
print(print("inner"))
print("", "", sep="|")
print(sep="x")
print("a", end="")
print("b", end="\n")
class S:
    def __str__(self): return "S!"
print(S(), str(S()))
print([S] != [], "%s" % S())
try:
    print("a", sap="x")
except TypeError:
    print("TypeError")
