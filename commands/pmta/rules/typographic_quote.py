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
from commands.pmta.findings.rule import Problem, Problems
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA112"
NAME = "typographic-quote"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = Saying("This is a typographic quotation mark.", 'Write a plain ".')

_MARKS = re.compile("[\u201c\u201d\u201e\u201f\u00ab\u00bb]")


def check(config: Config) -> Problems:
    if config.text.isascii() or not _MARKS.search(config.text):
        return
    for one in config.directives:
        marks = [*_MARKS.finditer(config.text, one.at, one.stop)]
        if marks:
            edits = tuple(Edit(mark.start(), mark.end(), '"') for mark in marks)
            yield Problem(
                one,
                marks[0].start(),
                marks[0].end(),
                edits=edits,
            )
