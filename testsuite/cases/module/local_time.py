# oracle=cpython level=full engines=hognose needs=cpython
# Local time where clocks are put forward, and back.
import os
import time

def zone(name):
    os.putenv("TZ", name)
    if hasattr(time, "tzset"):
        os.environ["TZ"] = name
        time.tzset()

def show(seconds):
    local = time.localtime(seconds)
    print(tuple(local)[:9], tuple(time.gmtime(seconds))[:6], int(time.mktime(local)) - seconds)

for name in ("UTC0", "EST5EDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3", "NPT-5:45", "ABC12"):
    zone(name)
    print(name)
    for seconds in (0, 10**9, 1583650799, 1583650800, 1604210399, 1604210400, 1604213999, 1604214000, -86400):
        show(seconds)
    for fields in ((2020, 3, 8, 2, 30, 0, 0, 0), (2020, 7, 40, 25, 61, 61, 0, 0), (1999, 12, 31, 23, 59, 59, 0, 0)):
        for daylight in (-1, 0, 1):
            if daylight <= 0 or fields[1] == 7 and name[3] in "5-" and "M" in name:
                print(int(time.mktime(fields + (daylight,))), end=" ")
    print()
