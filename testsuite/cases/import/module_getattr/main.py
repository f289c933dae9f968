# oracle=cpython level=full
# A module with __getattr__.
import lazy
print(lazy.real, lazy.made_up, lazy.other)
try:
    lazy.missing
except AttributeError:
    print("AttributeError")
