# oracle=stock level=minimal needs=lines
# A module that raises while it is run, and its traceback.
import sys
for attempt in range(2):
    try:
        import broken
    except ValueError as e:
        print("attempt", attempt, e.args)
print("broken" in sys.modules)
import uses_broken
