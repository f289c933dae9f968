from . import sibling
from .sibling import value as sibling_value

name = "sub"
