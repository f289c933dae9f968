print("other is run")
x = 42
