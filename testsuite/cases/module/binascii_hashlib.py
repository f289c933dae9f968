# oracle=cpython level=core
# binascii and hashlib.
import binascii
print(binascii.hexlify(b"\x00\xffab"), binascii.unhexlify(b"00ff6162"), binascii.b2a_base64(b"hello"), binascii.a2b_base64(b"aGVsbG8="))
print(binascii.crc32(b"hello"), binascii.crc32(b"lo", binascii.crc32(b"hel")))
import hashlib
print(binascii.hexlify(hashlib.sha256(b"abc").digest()))
h = hashlib.sha256()
h.update(b"a")
h.update(b"bc")
print(h.digest() == hashlib.sha256(b"abc").digest())
for bad in (b"0", b"zz"):
    try:
        binascii.unhexlify(bad)
    except ValueError:
        print("ValueError")
