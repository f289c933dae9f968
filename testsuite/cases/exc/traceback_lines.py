# oracle=stock level=minimal
# Line numbers after long gaps and in multi-line expressions.
def far(x):
    a = 1









    b = 2
    if x:
        return a + \
            b
    # a comment
    # another comment

    c = [
        1,
        undefined_name,
        3,
    ]
    return c

print(far(1))
far(0)
