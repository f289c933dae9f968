# oracle=cpython level=core syntax=extended
# Characters by name.
print("\N{LATIN SMALL LETTER E WITH ACUTE}" == "é", "\N{BULLET}", "a\N{SPACE}b", "\N{snake}")
print(f"{1}\N{COLON}{2}", len("\N{GREEK SMALL LETTER ALPHA}"), ord("\N{DIGIT ONE}"))
print(r"\N{x}", b"\N{x}" == b"\\N{x}")
