# oracle=cpython level=core
# A small program: tokens, recursive descent, evaluation.
def tokens(text):
    i = 0
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
        elif c.isdigit():
            j = i
            while j < len(text) and text[j].isdigit():
                j += 1
            yield "num", int(text[i:j])
            i = j
        elif c.isalpha():
            j = i
            while j < len(text) and text[j].isalpha():
                j += 1
            yield "name", text[i:j]
            i = j
        else:
            yield "op", c
            i += 1
    yield "end", None

class Parser:
    def __init__(self, text):
        self.toks = tokens(text)
        self.advance()
    def advance(self):
        self.kind, self.value = next(self.toks)
    def accept(self, value):
        if self.kind == "op" and self.value == value:
            self.advance()
            return True
        return False
    def expr(self):
        left = self.term()
        while True:
            if self.accept("+"):
                left = ("+", left, self.term())
            elif self.accept("-"):
                left = ("-", left, self.term())
            else:
                return left
    def term(self):
        left = self.factor()
        while True:
            if self.accept("*"):
                left = ("*", left, self.factor())
            elif self.accept("/"):
                left = ("/", left, self.factor())
            else:
                return left
    def factor(self):
        if self.accept("-"):
            return ("neg", self.factor())
        if self.accept("("):
            inner = self.expr()
            if not self.accept(")"):
                raise ValueError("missing )")
            return inner
        if self.kind in ("num", "name"):
            v = (self.kind, self.value)
            self.advance()
            return v
        raise ValueError("unexpected %r" % (self.value,))

OPS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a // b}
def ev(node, env):
    if node[0] == "num": return node[1]
    if node[0] == "name": return env[node[1]]
    if node[0] == "neg": return -ev(node[1], env)
    return OPS[node[0]](ev(node[1], env), ev(node[2], env))

for text in ("1 + 2 * 3", "(1 + 2) * 3", "-x * (y - 4)", "10 / 3 - 2", "2 *", "(1", "z", "1 / 0"):
    try:
        tree = Parser(text).expr()
        print(text, "=", ev(tree, {"x": 5, "y": 1}))
    except (ValueError, KeyError, ZeroDivisionError) as e:
        print(text, type(e).__name__)
