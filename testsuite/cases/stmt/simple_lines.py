# oracle=cpython level=minimal
# Several statements a line, continuation lines, odd white space.
a = 1; b = 2; print(a, b)
c = a + \
    b
print(c);
d = (a +
     b

     + c)
print(d)
if a: print("x"); print("y")
for i in range(2): print(i); print(-i)
class E: z = 1; w = 2
print(E.z, E.w)
def f(): return 1
print(f())
def g(): pass; return 2
print(g())
while False: pass
try: print("t")
finally: print("f")
if a:
	print("tab indented")
print([1,
       2,  # comment
       3])
x = [
    i
    for i in range(3)
    if i
]
print(x)
pass; pass
...
"a string statement"
1 + 1
print("end")  # no newline after this line
