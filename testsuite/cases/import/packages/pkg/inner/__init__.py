print("inner init")
