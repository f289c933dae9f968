# oracle=stock level=core engines=boards
# The clock runs and sleeping takes its time.
import time


def slept(ticks, tries=5):
    # The shortest of some: what else the machine does takes time as well.
    best = None
    for _ in range(tries):
        start = ticks()
        time.sleep_ms(10)
        time.sleep(0.01)
        took = time.ticks_diff(ticks(), start)
        if best is None or took < best:
            best = took
    return best


took = slept(time.ticks_ms)
print(took >= 20, took < 5000)
took = slept(time.ticks_us)
print(took >= 20_000, took < 5_000_000)
last = time.ticks_us()
steady = True
for _ in range(300):
    now = time.ticks_us()
    steady = steady and time.ticks_diff(now, last) >= 0
    last = now
print(steady)
