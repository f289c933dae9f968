import greeting

TABLE = (1, 2, 3, "in flash", 1.5)

print(greeting.hello("Rust"), TABLE, sum(x * x for x in TABLE[:3]))
