# oracle=cpython level=minimal
# Every level of finally runs, innermost first, whatever the cause.
def levels(cause):
    log = []
    try:
        try:
            try:
                log.append("body")
                if cause == "raise":
                    raise KeyError("k")
                if cause == "return":
                    return log
                for _ in range(1):
                    try:
                        if cause == "break":
                            break
                        if cause == "inner":
                            raise ValueError("v")
                    finally:
                        log.append("loop")
                log.append("after")
            finally:
                log.append(1)
        except ValueError:
            log.append("caught")
        finally:
            log.append(2)
    finally:
        log.append(3)
    return log

for cause in ("none", "return", "break", "inner"):
    print(cause, levels(cause))
try:
    levels("raise")
except KeyError as e:
    print("KeyError", e.args)
