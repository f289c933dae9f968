# oracle=cpython level=core needs=f64
# The math module.
import math
print(math.pi, math.e, math.sqrt(2), math.sqrt(16), math.floor(2.7), math.floor(-2.7), math.ceil(2.1), math.ceil(-2.1), math.trunc(-2.7))
print(math.pow(2, 10), math.exp(0), "%.12f" % math.exp(1), math.log(1), math.log(8, 2), math.log2(8), math.log10(1000))
print("%.9f %.9f %.9f" % (math.sin(1), math.cos(1), math.tan(1)), math.sin(0), math.cos(0))
print(round(math.asin(1), 10), round(math.acos(0), 10), round(math.atan(1), 10), round(math.atan2(1, -1), 10))
print(math.fabs(-2), math.fmod(7, 3), math.fmod(-7, 3), math.modf(2.5), math.modf(-2.5), math.frexp(8), math.ldexp(0.5, 4), math.copysign(1, -0.0))
print(math.degrees(math.pi), round(math.radians(180), 10), math.isnan(float("nan")), math.isinf(float("-inf")), math.isfinite(1))
for bad in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.log(-1), lambda: math.fmod(1, 0), lambda: math.acos(2)):
    try:
        bad()
    except ValueError:
        print("ValueError")
try:
    math.sqrt("x")
except TypeError:
    print("TypeError")
print(math.floor(10 ** 20) == 10 ** 20, math.floor(5), math.ceil(5), math.inf, math.nan)
