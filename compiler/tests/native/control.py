# try, finally, with, loops and returns through each other.
def log(*args):
    print(*args)
    return args[-1]


class Context:
    def __init__(self, name, swallow=False):
        self.name = name
        self.swallow = swallow

    def __enter__(self):
        log("enter", self.name)
        return self

    def __exit__(self, kind, value, trace):
        log("exit", self.name, None if kind is None else kind.__name__)
        return self.swallow


def returns(n):
    try:
        try:
            if n == 0:
                return "inner"
            if n == 1:
                raise ValueError(n)
            if n == 2:
                raise KeyError(n)
            return log("late", "late")
        except ValueError as e:
            return log("caught", e.args[0])
        finally:
            log("finally", n)
    except KeyError:
        return "outer"
    finally:
        log("last", n)


def overrides():
    for i in range(3):
        try:
            return i
        finally:
            if i < 2:
                continue
            break
    return "left"


def nested(n):
    out = []
    for i in range(n):
        with Context(i, True):
            for j in range(3):
                try:
                    with Context((i, j)):
                        if j == 0:
                            continue
                        if i == 1:
                            break
                        if i == 2:
                            raise RuntimeError(j)
                        out.append((i, j))
                finally:
                    log("inner", i, j)
            else:
                out.append("else")
        if i == 3:
            return out, "early"
    return out


def reraise():
    try:
        try:
            raise ValueError("first")
        except ValueError:
            try:
                raise KeyError("second")
            except KeyError:
                pass
            raise
    except ValueError as e:
        log("again", e.args[0])
    try:
        raise
    except RuntimeError as e:
        log(e.args[0])


def unbound(flag):
    if flag:
        x = 1
    try:
        return x
    except NameError as e:
        return e.args[0]


def deletes():
    x = 1
    del x
    try:
        print(x)
    except NameError:
        log("gone")


def handler_sees_locals():
    a = b = 0
    try:
        for a in range(10):
            b += a
            if a == 5:
                raise StopIteration
    except StopIteration:
        log(a, b)


for n in range(4):
    log(returns(n))
log(overrides())
log(nested(5))
reraise()
log(unbound(True), unbound(False))
deletes()
handler_sees_locals()
try:
    raise None
except TypeError:
    log("TypeError")
