# oracle=cpython level=core
# json: reading.
import json
for text in ("null", "true", "false", "1", "-5", "1.5", '"a"', "[]", "{}", "[1, 2, [3]]", '{"a": 1, "b": [null]}', ' [ 1 , 2 ] ', '"\\n\\t\\"\\\\\\/\\u0041"', "123456789012345678901234567890", "1e3", "-0.5"):
    print(json.loads(text))
for bad in ("", "[", "{", "nul", "]", '"abc', "[1,]x", "tru"):
    try:
        json.loads(bad)
        print("no error", bad)
    except ValueError:
        print("ValueError", bad)
import io
print(json.load(io.StringIO('{"k": [1, 2.5, "x"]}')))
print(json.loads(json.dumps({"deep": [{"a": [1, [2, {"b": None}]]}]})))
