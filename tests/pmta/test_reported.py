"""Configs that were judged wrongly once: all that is said of them, and that their fixes make nothing worse."""

import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

from commands.contract import Attachment
from commands.pmta.findings.model import Edit, Report
from commands.pmta.fixes import safe_fixes
from commands.pmta.harmless import with_harmless_fixes
from commands.pmta.linter import lint
from commands.pmta.prefixes import unprefixed
from commands.pmta.reading import read
from tests.every import every

REPORTED = tomllib.loads((Path(__file__).parent / "reported.toml").read_text(encoding="utf-8"))


@every(REPORTED)
def test_a_config_that_was_judged_wrongly_is_judged_right(name):
    case = REPORTED[name]
    pasted = read(Attachment("config", case["text"].removeprefix("\n").encode(case.get("file", "utf-8"))))
    report = lint(pasted.text, fragment=None, undone=pasted.undone)

    assert [f"{one.line} {one.code} {one.severity}" for one in report.findings] == case["found"]
    assert list(report.undone) == case.get("undone", [])
    assert sum(bool(one.edits) for one in report.findings) == case.get("fixes", 0)
    after = lint(safe_fixes(pasted.text, report), fragment=None)
    assert not Counter(one.code for one in after.findings) - Counter(one.code for one in report.findings)


def test_nothing_is_taken_away_from_a_config_that_has_no_prefixes():
    folder = Path(__file__).parent
    paths = [*folder.glob("configs/*.conf"), *folder.glob("fixtures/*/*.conf"), *folder.glob("right/*.conf")]
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
    assert len(paths) > 300
    assert [name for name, text in texts.items() if unprefixed(text).kinds] == []


def test_a_fix_after_which_more_is_found_is_not_offered():
    text = "max-smtp-out ten\nretry-after soon\n"
    edits = ((Edit(13, 16, "10"),), (Edit(29, 33, "1s"),))
    lines = lint(text).findings
    report = Report(tuple(replace(one, code=f"X{number}", edits=edits[number]) for number, one in enumerate(lines[:2])))

    kept = with_harmless_fixes(report, text, lambda tried: Counter({"X9": tried.count("1s")}))

    assert [bool(one.edits) for one in kept.findings] == [True, False]
    assert safe_fixes(text, kept) == "max-smtp-out 10\nretry-after soon\n"
