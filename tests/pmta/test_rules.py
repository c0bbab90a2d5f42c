from commands.pmta.findings.model import ERROR, INFERRED, SEVERITIES
from commands.pmta.language.catalogue import DIRECTIVES, TAGS
from commands.pmta.linter import lint
from commands.pmta.rules import RULES
from tests.every import every
from tests.pmta.cases import FIXTURES, check, findings, options

FIRING = sorted(FIXTURES.glob("*/fires_*.conf"))
CLEAN = sorted(FIXTURES.glob("*/clean_*.conf"))
CODES = [rule.code for rule in RULES]


def label(path):
    return f"{path.parent.name}/{path.stem}"


@every(FIRING)
def test_a_firing_fixture_fires_as_expected(path):
    assert check(path) == path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()
    assert check(path)


@every(CLEAN)
def test_a_clean_fixture_is_silent(path):
    assert check(path) == []


@every(RULES)
def test_the_bad_and_the_good_example_of_a_manual_do_what_they_say(rule):
    assert findings(rule.manual.bad, rule.code)
    assert not findings(rule.manual.good, rule.code)


ASIDE = {"PMTA411", "PMTA514", "PMTA709", "PMTA710"}
"""An example of a login holds a password, and an example is no complete config."""


@every(RULES)
def test_the_good_example_of_a_manual_has_no_other_weakness(rule):
    report = lint(rule.manual.good, **options(rule.manual.good))

    assert not [f"{one.code} {one.message}" for one in report.findings if one.code not in ASIDE]


def test_every_rule_has_a_firing_and_a_clean_fixture():
    assert {path.parent.name for path in FIRING} == set(CODES)
    assert {path.parent.name for path in CLEAN} == set(CODES)


def test_codes_and_names_are_unique_and_in_order():
    assert sorted(set(CODES)) == CODES
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.code.startswith("PMTA") and rule.severity in SEVERITIES for rule in RULES)


def test_what_is_not_documented_is_never_an_error():
    assert not [rule.code for rule in RULES if rule.severity == ERROR and rule.basis == INFERRED]
    for path in FIRING:
        report = lint(path.read_text(encoding="utf-8"))
        assert not [one for one in report.findings if one.severity == ERROR and one.basis == INFERRED]


def test_a_rule_is_named_after_neither_a_setting_nor_a_tag():
    assert not {rule.name for rule in RULES} & {*DIRECTIVES, *TAGS} - {"run-as-root", "world-readable"}


def test_messages_are_sentences_that_fit_into_a_message():
    for path in FIRING:
        for one in lint(path.read_text(encoding="utf-8")).findings:
            assert one.message.endswith((".", "?"))
            assert len(one.message) < 300
