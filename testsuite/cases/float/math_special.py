# oracle=cpython level=full needs=f64
# The special functions of the math module.
import math
print(round(math.sinh(1), 8), round(math.cosh(1), 8), round(math.tanh(1), 8), round(math.asinh(1), 8), round(math.acosh(2), 8), round(math.atanh(0.5), 8))
print(round(math.erf(0.5), 8), round(math.erfc(0.5), 8), round(math.gamma(5), 6), round(math.lgamma(5), 6))
print(math.expm1(0), math.factorial(0), math.factorial(10), math.factorial(25))
print(math.isclose(1.0, 1.0 + 1e-10), math.isclose(1, 2), math.isclose(1, 1.1, rel_tol=0.2), math.isclose(0, 0.001, abs_tol=0.01), math.tau)
try:
    math.factorial(-1)
except ValueError:
    print("ValueError")
