# oracle=cpython level=full needs=f64
# cmath.
import cmath
print(cmath.phase(1j), cmath.polar(1j), cmath.sqrt(-1).imag)
r = cmath.rect(2, 0)
print(r.real, r.imag, "%.6f" % cmath.exp(1j).real, "%.6f" % cmath.log(1j).imag, "%.5f" % cmath.cos(1).real, "%.5f" % cmath.sin(1j).imag)
