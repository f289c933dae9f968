# oracle=stock level=core needs=lines
# Line numbers after long gaps and behind multi-line expressions.
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
        3,
    ]
    return c + undefined_name

print(far(1))
far(0)
