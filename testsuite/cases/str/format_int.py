# oracle=cpython level=core
# Integers under every presentation, width, sign and grouping.
for v in (0, 1, -1, 255, -255, 123456789, 2 ** 40, -2 ** 70):
    print("{:d}|{:5d}|{:<5d}|{:^7d}|{:05d}|{:+d}|{: d}".format(v, v, v, v, v, v, v))
    print("{:x}|{:X}|{:o}|{:b}".format(v, v, v, v) if abs(v) < 1000 else "{:x}|{:X}".format(v, v))
    print("{:#x}|{:#o}|{:#b}".format(v, v, v) if abs(v) < 1000 else "{:#x}".format(v))
    print("{:,}|{:10,}|{:*^+12}|{:=+8d}".format(v, v, v, v))
    print("%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%o" % (v, v, v, v, v, v, v, v, v))
print("{:c}{:c}".format(72, 105), "%c%c" % (72, "i"), f"{5:>{3}}|{5:0>{4}}")
print("{0:{1}}|{0:>{1}}|{0:{2}^{1}}".format(7, 5, "*"))
