import tank

t = tank.Tank(tank.LITRES)
print(t, t.capacity)
print(t.fill(600), t.level, tank.gallons(t.level))
try:
    t.fill(500)
except ValueError as e:
    print(e)
print(t.drain(level=450), t.drain(), t)


class Barrel(tank.Tank):
    def half(self):
        return self.capacity // 2


b = Barrel(160)
b.fill(b.half())
print(b.level, "fill" in dir(tank.Tank), tank.__name__)
