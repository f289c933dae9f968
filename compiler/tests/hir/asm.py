@micropython.asm_thumb
def f(r0, r1) -> uint:
    "documentation"
    label(loop)
    ldr(r2, [r0, 4 * 2])
    push({r4, lr})
    data(4, 0xFFFFFFFFFFFFFFFF, -1)
    b(loop)


@micropython.viper
def g(p: ptr8, n: int) -> int:
    i: int = 0
    return p[i] + n
