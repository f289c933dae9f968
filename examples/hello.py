"""A first program: words counted, sorted and printed."""

TEXT = """
the snake with the turned-up nose digs in the sand
and the toad in the sand knows the snake
"""


def count(words):
    seen = {}
    for word in words:
        seen[word] = seen.get(word, 0) + 1
    return seen


def table(counts, width=12):
    for word, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{word:<{width}}{'#' * number} {number}"


for line in table(count(TEXT.split())):
    print(line)
