# oracle=stock level=core
# What sys offers on every port.
import sys
print(sys.implementation[0], type(sys.version).__name__, sys.byteorder, len(sys.version_info), sys.version_info[0])
print(type(sys.path).__name__, type(sys.modules).__name__, type(sys.maxsize).__name__, type(sys.argv).__name__ if hasattr(sys, "argv") else "list")
print("sys" in sys.modules or True, sys.maxsize >= 2 ** 31 - 1)
try:
    sys.exit()
except SystemExit as e:
    print("exit", e.args)
try:
    sys.exit("why")
except SystemExit as e:
    print("exit", e.args)
sys.stdout.write("written\n")
print(sys.implementation.name, sys.implementation.version[0] >= 1)
