from ..sibling import value as up
from .. import name as top
from .leaf import name as leaf_name

name = "deep"
