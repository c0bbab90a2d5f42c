"""A blank is not a plain blank: a no-break space or an invisible character.

Text copied from a web page or a chat may hold no-break spaces and zero-width characters. They look like
nothing, and become a part of the name or value beside them.

Bad:
    postmaster abuse@example.com

Good:
    postmaster abuse@example.com

Source: PowerMTA 5.0 User's Guide, 3.1 (keyword, blanks, value)
"""
# ruff: noqa: RUF002  the example has to hold what the rule finds

import re

from commands.pmta.findings.model import INFERRED, WARNING, Edit
from commands.pmta.findings.rule import Problem, Problems
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config

CODE = "PMTA113"
NAME = "odd-blank"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("Here stands {sign}, which looks like a blank or like nothing.", "Write a plain blank, or nothing.")

_ODD = re.compile("[\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]")


def check(config: Config) -> Problems:
    if config.text.isascii():
        return
    seen = -1
    for found in _ODD.finditer(config.text):
        line_end = config.text.find("\n", found.start())
        if line_end != seen and not (found.start() == 0 and found[0] == "\ufeff"):
            seen = line_end
            blank = "" if found[0] in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" else " "
            edits, sign = (Edit(found.start(), found.end(), blank),), Own(f"U+{ord(found[0]):04X}")
            yield Problem(None, found.start(), found.end(), params={"sign": sign}, edits=edits)
