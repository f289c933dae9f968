# The global `options` of a manifest: what `include` or `require` passed, then defaults,
# then None.


class Options:
    def __init__(self, given):
        self._given = given
        self._defaults = {}

    def defaults(self, **values):
        self._defaults = values

    def __getattr__(self, name):
        if name in self._given:
            return self._given[name]
        return self._defaults.get(name)
