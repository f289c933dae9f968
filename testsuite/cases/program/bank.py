# oracle=cpython level=core
# A small program: accounts, errors, reports.
class Error(Exception): pass
class Overdrawn(Error):
    def __init__(self, account, missing):
        super().__init__("%s lacks %d" % (account.owner, missing))
        self.missing = missing

class Account:
    count = 0
    def __init__(self, owner, balance=0):
        self.owner, self._balance, self.log = owner, balance, []
        Account.count += 1
    @property
    def balance(self): return self._balance
    def move(self, amount):
        if self._balance + amount < 0:
            raise Overdrawn(self, -(self._balance + amount))
        self._balance += amount
        self.log.append(amount)
        return self

class Savings(Account):
    rate = 5
    def month(self):
        return self.move(self.balance * self.rate // 100)

def transfer(a, b, amount):
    a.move(-amount)
    try:
        b.move(amount)
    except Error:
        a.move(amount)
        raise

a, b = Account("Ann", 100), Savings("Bob", 50)
transfer(a, b, 30)
b.month()
for attempt in ((b, a, 500), (a, b, 70)):
    try:
        transfer(*attempt)
        print("ok")
    except Overdrawn as e:
        print("refused:", e, e.missing)
print([(x.owner, x.balance, x.log) for x in (a, b)], Account.count)
