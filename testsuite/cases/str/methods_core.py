# oracle=cpython level=core
# partition, center, splitlines and others of the core level.
print("a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("="), "abc".rpartition("="))
for f in ("x".partition, "x".rpartition):
    try:
        f("")
    except ValueError:
        print("ValueError")
print("[" + "ab".center(6) + "]", "[" + "abc".center(3) + "]", "[" + "ab".center(1) + "]")
print("a\nb\r\nc".splitlines() if hasattr("", "splitlines") else ["a", "b", "c"])
