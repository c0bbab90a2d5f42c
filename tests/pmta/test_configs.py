"""Configs shaped like those in use. Every expected line was read and found right."""

from pathlib import Path

import pytest

from commands.pmta.fixes import safe_fixes
from commands.pmta.formatter import formatted
from commands.pmta.language.config import Config, looks_whole
from commands.pmta.language.parser import parse
from commands.pmta.linter import lint
from tests.pmta.shapes import shape

CONFIGS = sorted((Path(__file__).parent / "configs").glob("*.conf"))
PARTS = {"bounce", "broken", "generated", "isp", "lost", "machine", "warm", "warmup"}


def found(text):
    report = lint(text, fragment=None)
    return [f"{one.line}:{one.column} {one.code} {one.severity} {one.rule}" for one in report.findings]


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_finding_of_a_config_is_expected(path):
    text = path.read_text(encoding="utf-8")
    assert found(text) == path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    assert looks_whole(Config(text)) is (path.stem not in PARTS)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_config_survives_formatting_and_its_fixes_make_it_no_worse(path):
    text = path.read_text(encoding="utf-8")
    assert shape(parse(formatted(parse(text)))) == shape(parse(text))
    report = lint(text)
    after = lint(safe_fixes(text, report))
    assert sum(after.counts.values()) <= sum(report.counts.values())
    assert after.counts.get("error", 0) <= report.counts.get("error", 0)


def test_there_are_twenty():
    assert len(CONFIGS) == 20
