print("broken is run")


def fail():
    raise ValueError("while importing")


fail()
