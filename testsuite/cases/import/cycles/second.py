print("second begins")
import first

print("first is done:", first.done)
done = True


def use():
    return "second"
