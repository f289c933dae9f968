# oracle=stock level=core engines=boards needs=fault
# An address that is not there: registers (left out here), then where the program was.
import machine
def peek(address):
    return machine.mem32[address]
def main():
    print("before")
    print(peek(0x9000_0000))
main()
