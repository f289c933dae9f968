def load():
    import broken


load()
