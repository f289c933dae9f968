# oracle=cpython level=minimal needs=f64
# Floats in str.format and format().
print("{} {} {}".format(1.0, 0.1, 1e20), "{:f} {:e} {:g}".format(1.5, 1.5, 1.5))
print("{:.2f} {:.0f} {:10.3f}| {:<10.1f}|{:^10.1f}|".format(3.14159, 2.6, 3.14159, 1.75, 2.5))
print("{:+.1f} {: .1f} {:010.2f} {:.3e} {:E}".format(1.0, 1.0, -1.5, 12345.6789, 1.0))
print("{:%} {:.1%}".format(0.25, 0.1234), "{:,.2f}".format(1234567.891) if False else "")
print("{:g} {:g} {:g} {:.3g}".format(1e6, 1e5, 1e-5, 1234.5))
print("{:n}".format(5), "{} {} {}".format(float("inf"), float("-inf"), float("nan")))
print("{:6.2f}|{:<6}|{:>8}|".format(float("inf"), 1.5, 2.25))
print("{:.1f} {:.1f} {:.1f} {:.1f}".format(0.75, 1.5, 2.0, 123456.0))
