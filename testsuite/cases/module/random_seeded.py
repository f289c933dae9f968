# oracle=stock level=core
# random: ranges and repeatability.
import random
random.seed(5)
a = [random.getrandbits(8) for _ in range(5)]
random.seed(5)
print(a == [random.getrandbits(8) for _ in range(5)], all(0 <= x < 256 for x in a))
print(all(0 <= random.randrange(10) < 10 for _ in range(50)), all(3 <= random.randint(3, 5) <= 5 for _ in range(50)))
print(all(0 <= random.random() < 1 for _ in range(20)), random.choice([7]) == 7, all(1 <= random.uniform(1, 2) <= 2 for _ in range(9)))
try:
    random.randrange(0)
except ValueError:
    print("ValueError")
