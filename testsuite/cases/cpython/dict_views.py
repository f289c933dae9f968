# oracle=cpython level=full engines=hognose needs=cpython
# Views of keys and items are sets.
d = {"a": 1, "b": 2, "c": 3}
keys, items = d.keys(), d.items()
print(sorted(keys & {"a", "z"}), sorted(keys | ["z"]), sorted(keys - {"a"}), sorted(keys ^ {"a", "q"}))
print(sorted({"a", "q"} - keys), sorted({"a", "q"} & keys), sorted({"q"} | keys))
print(keys == {"a", "b", "c"}, {"a"} < keys, keys <= {"a", "b", "c"}, keys > {"a"}, keys != {"a"})
print(("a", 1) in items, ("a", 2) in items, items == {("a", 1), ("b", 2), ("c", 3)}, sorted(items & {("b", 2)}))
print(keys == {"a": 0, "b": 0, "c": 0}.keys(), d.values() == d.values(), keys == ["a", "b", "c"])
