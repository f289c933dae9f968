# oracle=cpython level=core
# Which handler catches which exception.
pairs = [
    (ZeroDivisionError, ArithmeticError), (OverflowError, ArithmeticError), (IndexError, LookupError),
    (KeyError, LookupError), (NotImplementedError, RuntimeError), (IndentationError, SyntaxError),
    (UnicodeError, ValueError), (StopIteration, Exception), (GeneratorExit, BaseException),
    (KeyboardInterrupt, BaseException), (SystemExit, BaseException), (OSError, Exception),
    (AssertionError, Exception), (AttributeError, Exception), (EOFError, Exception), (ImportError, Exception),
    (MemoryError, Exception), (NameError, Exception), (TypeError, Exception), (ValueError, Exception),
]
for sub, base in pairs:
    try:
        raise sub
    except base as e:
        print(sub.__name__, base.__name__, type(e) is sub, issubclass(sub, base), isinstance(e, BaseException))
for e in (KeyboardInterrupt, SystemExit, GeneratorExit):
    print(e.__name__, issubclass(e, Exception))
try:
    try:
        raise SystemExit(3)
    except Exception:
        print("never")
except SystemExit as e:
    print(e.args, e.value if hasattr(e, "value") else e.args[0])
