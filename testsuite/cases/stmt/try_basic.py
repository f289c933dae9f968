# oracle=cpython level=minimal
# try, except, else and finally in every combination.
def run(exc):
    try:
        print("try")
        if exc:
            raise exc
    except ValueError as e:
        print("ValueError", e)
    except (TypeError, KeyError) as e:
        print("Type or Key")
    except Exception:
        print("Exception")
    else:
        print("else")
    finally:
        print("finally")

for e in (None, ValueError("v"), TypeError(), KeyError(1), OSError(2), ValueError):
    run(e)
try:
    run(KeyboardInterrupt())
except KeyboardInterrupt:
    print("outer")
try:
    pass
except:
    print("never")
try:
    raise RuntimeError("r")
except:
    print("bare")
try:
    try:
        1 // 0
    except ValueError:
        print("never")
except ZeroDivisionError:
    print("outer handler")
def classes():
    return ValueError, IndexError
try:
    [][0]
except classes():
    print("computed classes")
