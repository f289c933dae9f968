def hello(whom):
    return "hello, " + whom
