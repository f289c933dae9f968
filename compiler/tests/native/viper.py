# Viper's words: wrapping, signs, pointers, casts.
import micropython


@micropython.viper
def arith(a: int, b: int) -> int:
    c = a + b * 3 - (a >> 1)
    c ^= b << 2
    return c & 0xFFFF


@micropython.viper
def divide(a: int, b: int) -> object:
    return (int(a // b), int(a % b))


@micropython.viper
def unsigned(a: uint, b: uint) -> object:
    return (uint(a // b), uint(a % b), a < b, a >> 4)


@micropython.viper
def mixed(a: int, b: uint) -> object:
    return (a < b, a == b, a > b, a >= b)


@micropython.viper
def fill(buf: ptr8, n: int, value: int):
    for i in range(n):
        buf[i] = value + i


@micropython.viper
def words(buf) -> int:
    p16 = ptr16(buf)
    p32 = ptr32(buf)
    p32[1] = 0x01020304
    return p16[0] + p16[2] + p32[1]


@micropython.viper
def loop(n: int) -> int:
    total: int = 0
    i = 0
    while i < n:
        if i & 1:
            total += i
        elif not i % 4:
            total -= 1
        i += 1
    return total


@micropython.viper
def objects(x, y: int):
    z = [x, y, None, True, bool(y)]
    z.append(x + y)
    return z


@micropython.viper
def power(a: int, b: int) -> int:
    return a**b


@micropython.viper
def guarded(x) -> int:
    n: int = 5
    try:
        n = int(x)
        n //= int(len(x))
    except TypeError:
        n += 1
    finally:
        n += 100
    return n


@micropython.viper
def closure(x: int):
    y = x + 1

    def inner():
        return y

    return inner


print(arith(10, 20), arith(-5, 7))
print(divide(17, 5), divide(-17, 5))
try:
    divide(1, 0)
except ZeroDivisionError:
    print("zero")
print(unsigned(0xFFFFFFF0, 16))
print(mixed(-1, 1), mixed(1, 1), mixed(2, 1))
b = bytearray(8)
fill(b, 8, 65)
print(b, words(b), b)
print(loop(100), objects(3, 4), power(3, 4))
print(guarded(7))
print(closure(41)())
try:
    arith(1)
except TypeError:
    print("TypeError")
