"""What a regular expression of the table costs at most, and a text that it fits. By its parse tree."""

import re
from functools import reduce
from operator import mul

PARSER = re._parser
CONSTANTS = re._constants
REPEATS = {CONSTANTS.MAX_REPEAT, CONSTANTS.MIN_REPEAT}
LOOKS = {CONSTANTS.ASSERT, CONSTANTS.ASSERT_NOT}


def tree(pattern):
    return PARSER.parse(pattern, re.IGNORECASE)


def cost(nodes):
    """In how many ways it can go on from one place of the text, at most: infinite where a repeat has no end."""
    return reduce(mul, (_cost_of(name, value) for name, value in nodes), 1)


def _cost_of(name, value):
    if name in REPEATS:
        _, most, inner = value
        return float("inf") if most is CONSTANTS.MAXREPEAT else (most + 1) * cost(inner) ** min(most, 2)
    if name is CONSTANTS.SUBPATTERN:
        return cost(value[-1])
    if name is CONSTANTS.BRANCH:
        return sum(map(cost, value[1]))
    return cost(value[1]) if name in LOOKS else 1


def texts(nodes):
    """A text for each of the topmost alternatives."""
    nodes = list(nodes)
    if len(nodes) == 1 and nodes[0][0] is CONSTANTS.BRANCH:
        return [sample(branch) for branch in nodes[0][1][1]]
    return [sample(nodes)]


def sample(nodes):
    return "".join(_sample_of(name, value) for name, value in nodes)


def _sample_of(name, value):
    if name is CONSTANTS.LITERAL:
        return chr(value)
    if name in REPEATS:
        gap = " " if value[2][0][0] is CONSTANTS.ANY else ""
        return sample(value[2]) * value[0] or gap
    if name is CONSTANTS.SUBPATTERN:
        return sample(value[-1])
    if name is CONSTANTS.BRANCH:
        return sample(value[1][0])
    if name is CONSTANTS.IN:
        kind, first = value[0]
        return chr(first[0] if kind is CONSTANTS.RANGE else first)
    return "x" if name is CONSTANTS.ANY else ""
