# oracle=stock level=core engines=boards
# Memory by address, and what is refused.
import machine
print(machine.mem32, machine.mem16, machine.mem8)
try:
    machine.mem32[1]
except ValueError as e:
    print(e)
try:
    del machine.mem32[0]
except TypeError:
    print("TypeError")
machine.idle()
print(callable(machine.reset))
