"""A quotation mark is a typographic one.

Word processors, web pages and chat turn " into “ and ”. PowerMTA documents the plain double quote only, so
the value would be cut at its first blank and hold the mark itself.

Bad:
    custom-dsn-from-header “Postmaster <postmaster@example.com>”

Good:
    custom-dsn-from-header "Postmaster <postmaster@example.com>"

Source: PowerMTA 5.0 User's Guide, 3.3.1.25 (quoted values)
"""

import re

from commands.pmta.findings.model import INFERRED, WARNING, Edit
from commands.pmta.findings.rule import Problem, Problems, at_value, replaced
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import PATTERN_DIRECTIVES

CODE = "PMTA112"
NAME = "typographic-quote"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = {
    "": Saying("This is a typographic quotation mark.", 'Write a plain ".'),
    "single": Saying("Single quotation marks do not quote here.", 'Write a plain ".'),
}

_MARKS = re.compile("[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u201b]")
_SINGLE = re.compile(r"'[^'\r\n]*'")


def check(config: Config) -> Problems:
    if not config.text.isascii() and _MARKS.search(config.text):
        yield from _typographic(config)
    if "'" in config.text:
        yield from _single(config)


def _typographic(config: Config) -> Problems:
    for one in sorted((*config.directives, *config.openings), key=lambda one: one.start):
        marks = [*_MARKS.finditer(config.text, one.at, one.stop)]
        if marks and one.key not in PATTERN_DIRECTIVES:
            edits = tuple(Edit(mark.start(), mark.end(), '"') for mark in marks)
            yield Problem(one, marks[0].start(), marks[0].end(), edits=edits)


def _single(config: Config) -> Problems:
    """A word in single quotes where such a word cannot stand."""
    for one in config.misfits["wrong"]:
        if _SINGLE.fullmatch(one.value):
            yield at_value(one, "single", edits=replaced(one, f'"{one.value[1:-1]}"'))
