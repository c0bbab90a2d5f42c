"""What is right gives nothing above a notice: a stanza for each setting of the guide, and stanzas as people write them.

`right/settings.tsv` has a setting in each place where it may stand, with a value of its form: the tag around it, then
the lines, `|` between them.
"""

import re
from pathlib import Path

from commands.pmta.findings.model import NOTICE
from commands.pmta.linter import lint

RIGHT = Path(__file__).parent / "right"
ENOUGH = 300


def settings():
    for line in (RIGHT / "settings.tsv").read_text(encoding="utf-8").splitlines():
        head, body = line.split("\t")
        lines = body.replace(" | ", "\n")
        tag = head.strip("<>").split(" ")[0]
        yield f"{head}\n{lines}\n</{tag}>\n" if head else f"{lines}\n"


def stanzas():
    return re.split(r"(?m)^# name: .*\n", (RIGHT / "stanzas.conf").read_text(encoding="utf-8"))[1:]


def wrong(text, **how):
    return [f"{one.code} {one.message}\n{text}" for one in lint(text, **how).findings if one.severity != NOTICE]


def test_no_setting_that_is_right_is_warned_of():
    texts = [*settings()]
    assert len(texts) > ENOUGH
    assert [found for text in texts for found in wrong(text)] == []


def test_no_stanza_as_people_write_them_is_warned_of():
    texts = stanzas()
    assert [found for text in texts for found in wrong(text)] == []
    assert [found for text in texts for found in wrong(text, version="6.0")] == []
