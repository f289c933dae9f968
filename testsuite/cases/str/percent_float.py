# oracle=cpython level=minimal needs=f64
# Floats in the percent operator.
print("%f %f %f" % (1.0, 3.14159, -2.5))
print("%.2f %.0f %8.3f|%-8.2f|%08.2f" % (3.14159, 2.6, 3.14159, 3.14159, 3.14159))
print("%e %.2e %E" % (12345.678, 12345.678, 0.00012))
print("%g %g %g %g %g" % (1.5, 100000.0, 1e10, 1e-5, 0.0001))
print("%.3g %.10g %G" % (1234.5678, 1234.5678, 1e-10))
print("%+.1f % .1f" % (1.5, 1.5), "%d" % 3.99, "%s %r" % (1.5, 0.1))
print("%f %e %g" % (float("inf"), float("-inf"), float("nan")))
print("%5.1f|%-7.1f|%+07.2f" % (float("inf"), 1.0, -3.14159))
