# oracle=cpython level=core
# Every escape and prefix of string literals.
print('a' "b" '''c''' """d""")
print(len("\a\b\f\n\r\t\v\\\'\""), [ord(c) for c in "\a\b\f\n\r\t\v\\\'\""])
print("\x41\102\0".encode(), "\u0041", len("\U0001F600"))
print(r"\n\x41", len(r"\\"), len(r'\''))
print(b"\x00\xff\101", rb"\n", rb"\x", br'\t', b'a' b"b")
print("""line one
line two \
continued""")
print('quote " inside', "apos ' inside", 'both \' "')
print("é", len("é"), "日本", len("日本"), "日本".encode())
print("tab\there", repr("tab\there"), repr("\x00\x7f\x80\xff"[:2]))
print(repr('\''), repr("\""), repr("'\""), repr('a\\b'))
print(repr(b"'"), repr(b'"'), repr(b"\t\n\r\\\x01z"))
print(u"uni", ("implicit"
      " joining"))
