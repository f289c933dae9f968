# oracle=cpython level=minimal syntax=extended
# Lambdas and strings in replacement fields.
print(f"{(lambda: 5)()}", f"{(lambda x: x * 2)(4):>4}", f"{(lambda *a: a)(1, 2)}")
print(f"{sorted([3, 1], key=lambda v: -v)}", f"{ {k: v for k, v in [(1, 2)]} }")
