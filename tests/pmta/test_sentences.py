"""The sentences of rules: templates, and what may be known of their parameters."""

import pytest

from commands.pmta.findings.sentence import Own, count, filled, harmless
from commands.pmta.linter import lint
from commands.pmta.rules import RULES
from tests.every import every
from tests.pmta.cases import FIXTURES, options

FIRING = sorted(FIXTURES.glob("*/fires_*.conf"))
CONFIGS = sorted((FIXTURES.parent / "configs").glob("*.conf"))
SAYS = {rule.code: rule.says for rule in RULES}


def test_a_parameter_stands_in_its_sentence_and_words_stand_in_for_what_is_missing():
    template = "{name|This setting} is set in line {line}."
    assert filled(template, {"name": "pickup", "line": 3}) == "pickup is set in line 3."
    assert filled(template, {"line": 3}) == "This setting is set in line 3."
    assert filled(template, {"name": "", "line": 3}) == "This setting is set in line 3."


def test_a_sentence_that_lacks_a_word_is_not_made():
    assert filled("{name} no", {}) == ""
    assert filled("nothing to fill in", {}) == "nothing to fill in"


def test_numbers_our_own_words_and_names_of_the_catalogue_may_be_stored_and_nothing_else():
    params = {"line": 3, "form": Own("a host name"), "name": "Retry-After", "tag": "</domain>", "word": "hunter2"}
    assert harmless(params) == {"line": 3, "form": "a host name", "name": "retry-after", "tag": "</domain>"}


@pytest.mark.parametrize("digits", ["", "x", "1x", "1234567890", "\u0663", "hunter2"])
def test_what_is_no_short_number_stays_a_word_of_the_config(digits):
    assert not isinstance(count(digits), Own)
    assert isinstance(count("465"), Own)


@every(FIRING)
def test_a_sentence_can_be_made_of_what_may_be_stored(path):
    text = path.read_text(encoding="utf-8")
    for one in lint(text, **options(text)).findings:
        message = filled(SAYS[one.code][one.says].message, one.params)
        assert message.endswith((".", "?"))
        assert not set("{|}") & set(message)


FURTHER = (
    "domain gmail.com>\n</domain>",
    "colour = red",
    "[mail.example.com]:587 x",
    "<domain *>\n/x/ y\n</domain>",
    "http-api-key short",
    "domain-key a,,c",
    "domain-key a",
    "smtp-source-host mail",
    "smtp-source-host 192.0.2.1 -a-",
    "smtp-listener here",
    "smtp-listener 0/0:25 here",
    f"<domain *>\nretry-after {','.join(['10m'] * 31)}\n</domain>",
    "<rewrite-list a>\nmail-from a@b.example \u00f1@b.example\n</rewrite-list>",
    "smtp-ip 192.0.2.1\nsmtp-listener 0/0:25",
    "<source 0/0>\nlog-commands yes\n</source>",
    "<acct-file a>\nprivacy-policy siphash seventeen-letters\n</acct-file>",
    "<domain *>\nbackoff-max-connect-rate 0\n</domain>",
    "<source inbound>\n</source>\nsmtp-listener 0/0:25 source=inbuond",
    "<zebra>\n</zebra>",
    "<address-list>\naddress a@b.example\n</address-list>",
    "<source 0/0>\nbroken-auth-clients yes\n</source>",
)


def test_every_sentence_of_every_rule_is_said():
    """A name that no rule has, or a parameter that a sentence lacks, would fail here."""
    texts = [*FURTHER, *(path.read_text(encoding="utf-8") for path in (*FIRING, *CONFIGS))]
    texts += [example for rule in RULES for example in (rule.manual.bad, rule.manual.good)]
    told = [{"version": version, "fragment": part} for version in ("4.0", "5.0", "6.0") for part in (True, False)]
    said = {(one.code, one.says) for text in texts for how in told for one in lint(text, **how).findings}
    assert {(rule.code, which) for rule in RULES for which in rule.says} - said == set()
