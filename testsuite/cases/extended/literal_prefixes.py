# oracle=cpython level=core syntax=extended
# Prefixes in any case and order.
print(R'\n', Rb"\x", bR'\t', BR'\d', rB"\a", U"u", B"b")
print(F"{1}", fR"\{2}", Fr"\{3}", rF"\d{4}")
print(len(R'\''), 0B1, 0XaF, 0O7, 1E3, 1J)
