# oracle=cpython level=core
# Formatted string literals: fields, conversions, specs, nesting, debugging form.
x, y, name = 3, 4.5, "Ann"
print(f"{x}", f"{x + 1}", f"{x!r}", f"{name!r}", f"{name!s}")
print(f"{x:5}|{x:<5}|{x:^5}|{x:05}|{x:+}")
print(f"{y:.2f}", f"{y:8.3f}|", f"{name:>6}|{name:*^7}|")
w = 7
print(f"{name:{w}}|", f"{x:0{w}d}", f"{y:{w}.{1}f}")
print(f"{{}}", f"{{{x}}}", f"a{x}b{x}c")
print(f"{x=}", f"{x+1=}", f"{y=:.1f}")
print(f"{'nested'}", f"{'a' if x else 'b'}", f"{[i for i in range(x)]}")
print(f"{ {'k': 1}['k'] }")
print(f"""multi {
    x
} line""")
print("plain" f" {x} " "joined" f"{y}")
print(rf"\d{x}\n", f"\t{x}\x41", fr"{x}\\")
print(f"{x:x} {255:#x} {255:b} {255:o} {255:X} {65:c}")
print(f"{1e10} {1.0} {True} {None}")
print(f'{x!r:>4}', f'{name!r:>8}')
