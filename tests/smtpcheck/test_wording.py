"""Every code has its words, and every sentence can be said."""

import re
import string
from itertools import product
from pathlib import Path

import pytest

from commands import smtpcheck
from commands.smtpcheck.lookup import question
from commands.smtpcheck.lookup import resolve as dns_facts
from commands.smtpcheck.result.findings import OWN_PTR, Code
from commands.smtpcheck.result.health import WAITED_FOR
from commands.smtpcheck.result.meanings import Meaning
from commands.smtpcheck.result.scales import Severity
from commands.smtpcheck.result.sentences import english
from commands.smtpcheck.result.sentences.choice import SPECS, _text, sentence
from commands.smtpcheck.result.sentences.languages import LANGUAGES, Language
from commands.smtpcheck.result.sentences.variants import VARIANTS
from commands.smtpcheck.verdict import endpoint_checks, states
from commands.smtpcheck.wire import session_facts as protocols
from commands.smtpcheck.wire.connection import DEEP
from tests.every import every

SOURCES = [path for path in Path(smtpcheck.__file__).parent.glob("*.py") if path.name not in {"wording.py", "view.py"}]
CODE = re.compile(r'"((?:cert|dns|mx|tls|starttls)_[a-z_]+|[a-z]+(?:_[a-z]+)*)"')
NO_FINDING = {"open"}


def coded_states():
    """Every state that a rule of `states` can give."""
    tables = (*states.GREETING_REFUSALS, *states.HELLO_REFUSALS)
    yield from (state for _, state in tables)
    yield from states.CONNECT_STATES.values()
    yield from states._HELLO_ERRORS.values()
    text = Path(states.__file__).read_text()
    yield from (word for word in CODE.findall(text) if word in english.STATES)


def coded_findings():
    """Every code that stands in the sources behind a yield, in a table of codes or of severities."""
    yield from endpoint_checks.TLS_FINDINGS.values()
    yield from dns_facts.OF_MX
    yield from dns_facts.OF_MX.values()
    yield from question.ABSENT
    yield from (
        f"tls_{state}" for state in {*protocols.TLS_ALERTS.values(), *protocols.STEP_ERRORS.values()} - {"sni_rejected"}
    )
    for path in SOURCES:
        text = path.read_text()
        yield from re.findall(r'yield "([a-z_0-9]+)"', text)
        yield from re.findall(r'\(+"((?:cert|mx|dns)_[a-z_]+)",', text)
        yield from re.findall(r'Finding\(\s*"([a-z_]+)"', text)
        yield from re.findall(r'"(cert_[a-z_]+)"', text)


@every(sorted(set(coded_findings())))
def test_every_code_that_the_sources_can_yield_has_a_sentence(code):
    assert code in english.SENTENCES


@every(sorted(set(coded_states())))
def test_every_state_has_a_word_for_the_table_and_every_bad_one_a_sentence(state):
    assert 2 <= len(english.STATES[state]) <= 20
    assert state in NO_FINDING or state in english.SENTENCES or state == "tls_failed"


@every(product(Code, [{}, {"port": 25, "days": -1, "said": "{x} %s", "seconds": 1.5, "protocol": "SSH"}]))
def test_every_sentence_can_be_said_whatever_its_parameters(code, params):
    said = sentence(code, params)
    assert said[0].isupper() or said[0] in "{x?"
    assert said.endswith((".", "?"))


def test_what_is_promised_of_a_deep_check_is_what_it_does():
    assert f"{DEEP['greeting']:.0f} s for each reply" in english.DEEP_WAITS
    assert DEEP["command"] == DEEP["greeting"]
    assert f"{DEEP['check'] / 60:.0f} min in all" in english.DEEP_WAITS
    assert all(english.DEEP_WAITS in english.SENTENCES[code] for code in WAITED_FOR)


def test_parameters_are_never_read_as_formats():
    assert "{0.__class__}" in sentence("dns_nxdomain", {"name": "{0.__class__}"})


def test_a_code_without_words_is_still_readable():
    assert sentence("brand_new_trouble", {}) == "Brand new trouble."


@every(
    [
        ("cert_expired", {"days": -13}, "expired 12 days ago"),
        ("cert_expired", {"days": -2}, "expired 1 day ago"),
        ("cert_expires_soon", {"days": 1}, "ends in 1 day:"),
        ("cert_expires_soon", {"days": 0}, "ends in less than a day:"),
        ("cert_expired", {"days": -1}, "expired less than a day ago"),
        ("cert_expires_in_weeks", {"days": 29}, "ends in 29 days"),
        ("cert_chain_incomplete", {"missing": "CN=Public CA"}, "intermediate certificate (CN=Public CA): many"),
        ("cert_untrusted", {"root": "CN=Private CA"}, "not publicly trusted (CN=Private CA)."),
        ("cert_untrusted", {"missing": "CN=Some CA"}, "issued by CN=Some CA, which is no trusted authority"),
        ("cert_invalid", {"detail": "x"}, "does not verify: x."),
        ("cert_no_san", {"common_name": "mail.example.com", "covers": 1}, "names its host only in the subject"),
        ("cert_no_san", {"common_name": "a.example", "covers": 0}, "names only a.example, and only in the subject"),
        ("cert_no_san", {"common_name": "", "covers": 0}, "names no host"),
        ("cert_name_mismatch", {"host": "a.example", "names": ["b.example"]}, "is for b.example, not for a.example:"),
        ("dns_servfail", {"name": "a.example", "rcode": "SERVFAIL", "type": "MX"}, "fail (SERVFAIL for MX)"),
        (
            "dns_servfail",
            {"name": "a.example", "rcode": "REFUSED", "type": "A"},
            "refuses the question (REFUSED for A)",
        ),
        ("mx_servfail", {"host": "mx.example", "rcode": "NOTIMP"}, "The MX mx.example could not be looked up: "),
        ("dns_servfail", {"name": "a.example"}, "no name server could be reached"),
        ("unreachable", {"port": 25, "address": "2001:db8::1"}, "has no IPv6."),
        ("unreachable", {"port": 25, "address": "192.0.2.1"}, "cannot be reached from here."),
        ("not_smtp", {"port": 25, "protocol": "SSH", "said": "SSH-2.0"}, "does not speak SMTP but SSH: 'SSH-2.0'"),
        ("not_smtp", {"port": 25, "protocol": "", "said": "?"}, "does not speak SMTP: '?'"),
    ]
)
def test_days_and_protocols_are_put_into_words(code, params, words):
    assert words in sentence(code, params)


TEXTS = {**english.SENTENCES, **english.SUMMARY, **english.MEANINGS}
FIELDS = {key: [*string.Formatter().parse(text)] for key, text in TEXTS.items()}


@every(TEXTS)
def test_every_text_is_whole_sentences_that_fit_a_message(key):
    text = TEXTS[key]
    assert len(text) <= 320
    assert text[0].isupper() or text.startswith("{")
    assert text.endswith((".", "{said!r}."))
    assert "  " not in text


@every(english.SENTENCES)
def test_every_sentence_belongs_to_a_code_and_says_only_its_parameters(key):
    code = key.partition(".")[0]
    others = {"vouched", "only_reported", "look_up_failed_for_now", "only_inside_tls", "final_dot"}
    assert code in {*Code, *others, "own_ptr"}
    params = Code(code).params if code in set(Code) else {"resolver": str, "meant": str, **OWN_PTR}
    for _, field, spec, _ in FIELDS[key]:
        assert field is None or field in params
        assert not spec or spec in SPECS or spec == ".0f"


def test_every_variant_that_can_be_chosen_stands_in_the_catalogue():
    values = {str: ["", "x", "closed", "starttls", "SERVFAIL", "REFUSED", "NOTIMP"], int: [0, 25], float: [0.0, 9.0]}
    values |= {bool: [False, True], list: [[], ["a.example"]]}
    values[str] += [*Meaning, "listed_somewhere", "listed_on_closed", "name_listed", "name_listed_somewhere"]
    for code, choose in VARIANTS.items():
        for name, kind in Code(code).params.items():
            for value in values[kind]:
                others = {other: values[of][-1] for other, of in Code(code).params.items()}
                for key in (*choose({name: value}), *choose({**others, name: value})):
                    assert _text(code, key) is not None


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_language_has_each_sentence_with_its_parameters(language):
    for name in Language.__annotations__:
        said, english_said = getattr(language, name), getattr(english, name)
        assert type(said) is type(english_said)
        if isinstance(said, dict):
            assert {key: fields_of(text) for key, text in said.items()} == {
                key: fields_of(text) for key, text in english_said.items()
            }


def fields_of(text):
    """Of a sentence, or of one with its hint."""
    said = text if isinstance(text, str) else "\n".join(text)
    return {(field, spec) for _, field, spec, _ in string.Formatter().parse(said) if field}


def test_every_meaning_of_a_reply_has_a_sentence():
    assert english.MEANINGS.keys() == set(Meaning)
    assert [key for key, text in english.MEANINGS.items() if "{" in text] == []


def test_every_verdict_choice_and_severity_has_words():
    assert {f"verdict.{name}" for name in english.VERDICTS} <= english.SUMMARY.keys()
    assert not english.SUMMARY.keys() & set(Code)
    assert {"implicit_tls", "starttls", "alternate", "no_login", "relay_only", "least_bad"} <= english.CHOICES.keys()
    assert {state.name for state in Severity} == {"info", "notice", "warning", "error", "danger"}


ONE = {str: "1", int: 1, float: 1.0, bool: True, list: []}


@every(Code)
def test_a_sentence_is_said_whichever_of_its_parameters_are_missing(code):
    """Records of strangers have any of them."""
    assert sentence(code, {})
    for name, kind in code.params.items():
        assert sentence(code, {name: ONE[kind]})
