# oracle=stock level=full
# What libraries tell functions, generators and modules by.
import gc
import sys

def plain():
    return 1

def generates():
    yield 1

async def waits():
    pass

class Class:
    def method(self):
        return 2

    def steps(self):
        yield 3

function = type(plain)
generator_function = type(lambda: (yield))
generator = type((lambda: (yield))())
method = type(Class().method)
module = type(sys)
for thing in (plain, generates, waits, lambda: 0, Class.method, Class.steps, Class, Class(), Class().method,
              generates(), sys, gc, 1, None):
    print([isinstance(thing, kind) for kind in (function, generator_function, generator, method, module, type)])
print(type(gc) is module, type(generates) is generator_function, type(generates) is function)
print(issubclass(generator_function, function), issubclass(function, generator_function))
print(plain.__class__ is function, isinstance(generates(), (function, generator)))
print(generates().__next__(), Class().steps().__next__(), Class().method())
