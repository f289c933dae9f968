print("pkg init")
name = "pkg"
