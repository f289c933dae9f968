# oracle=cpython level=core
# json: writing.
import json
print(json.dumps(None), json.dumps(True), json.dumps(1), json.dumps("a\"b\\c\n\t"), json.dumps([1, [2]]), json.dumps({"a": 1}), json.dumps(()))
print(json.dumps([None, False, -5, 10**20, "x"]), json.dumps({}), json.dumps([]), json.dumps({"n": {"m": [1]}}))
print(json.dumps([1, 2], separators=(",", ":")), json.dumps({"k": [1, 2]}, separators=(", ", ": ")))
print(json.dumps("\x01\x1f"), json.dumps("/"))
import io
s = io.StringIO()
json.dump({"k": [1, "two"]}, s)
print(s.getvalue())
