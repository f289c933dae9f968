# oracle=stock level=core
# time: types and arithmetic of ticks.
import time
t = time.ticks_ms()
print(type(t).__name__, time.ticks_diff(time.ticks_ms(), t) >= 0)
print(time.ticks_diff(5, 3), time.ticks_diff(3, 5), time.ticks_add(10, 5), time.ticks_diff(time.ticks_add(t, 100), t))
time.sleep_ms(1)
time.sleep_us(10)
print(time.ticks_diff(time.ticks_ms(), t) >= 1)
