print("helper is run")
value = "original"
public = "public"
_private = "private"


def add(a, b):
    return a + b


def get():
    return value
