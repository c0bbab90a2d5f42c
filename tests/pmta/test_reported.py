"""Configs that were judged wrongly once: all that is said of them, and that their fixes make nothing worse."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from commands.contract import Attachment
from commands.pmta.fixes import safe_fixes
from commands.pmta.linter import lint
from commands.pmta.paste import read

REPORTED = tomllib.loads((Path(__file__).parent / "reported.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", REPORTED)
def test_a_config_that_was_judged_wrongly_is_judged_right(name):
    case = REPORTED[name]
    pasted = read(Attachment("config", case["text"].removeprefix("\n").encode(case.get("file", "utf-8"))))
    report = lint(pasted.text, fragment=None, undone=pasted.undone)

    assert [f"{one.line} {one.code} {one.severity}" for one in report.findings] == case["found"]
    assert list(report.undone) == case.get("undone", [])
    assert sum(bool(one.edits) for one in report.findings) == case.get("fixes", 0)
    after = lint(safe_fixes(pasted.text, report), fragment=None)
    assert not Counter(one.code for one in after.findings) - Counter(one.code for one in report.findings)
