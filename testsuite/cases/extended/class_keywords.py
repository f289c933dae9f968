# oracle=cpython level=core syntax=extended
# Unpacked bases in class definitions.
class A: a = 1
class B: b = 2
bases = (A, B)
class C(*bases): c = 3
print(C.a, C.b, C.c, C.__bases__ == bases)
class D(*[A]): pass
print(D.a)
