# oracle=stock level=core engines=boards
# The clock runs and sleeping takes its time.
import time
start = time.ticks_ms()
micros = time.ticks_us()
time.sleep_ms(30)
time.sleep(0.02)
took = time.ticks_diff(time.ticks_ms(), start)
print(took >= 50, took < 5000)
took = time.ticks_diff(time.ticks_us(), micros)
print(took >= 50_000, took < 5_000_000)
last = time.ticks_us()
steady = True
for _ in range(300):
    now = time.ticks_us()
    steady = steady and time.ticks_diff(now, last) >= 0
    last = now
print(steady)
