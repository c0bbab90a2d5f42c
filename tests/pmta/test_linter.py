import dataclasses
import json
import re
import tracemalloc
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.pmta.fixes import safe_fixes
from commands.pmta.linter import examined, lint
from commands.pmta.rules.open_relay import NARROW
from commands.pmta.sarif import sarif
from commands.pmta.view import LINE, excerpt, headline, listing
from tests.every import every
from tests.pmta.cases import FIXTURES
from tests.pmta.seeds import FLATTENED, MTAS, USER
from tests.pmta.shapes import configs, written


def brief(report):
    return [(one.code, one.severity, re.sub(r"line \d+", "line N", one.message)) for one in report.findings]


@given(st.one_of(configs, st.text()), st.booleans(), st.sampled_from(["4.0", "4.5", "5.0"]))
@settings(max_examples=120, deadline=None)
def test_any_text_gives_a_report(text, fragment, version):
    report = lint(text, fragment=fragment, version=version)
    lines = len(re.split(r"\r\n?|\n", text))
    for one in report.findings:
        assert 1 <= one.line <= lines
        assert 1 <= one.column < one.end_column
        excerpt(one)
    json.dumps(report.to_json())
    json.dumps(sarif(report))
    listing(report)
    safe_fixes(text, report)


@given(written, st.booleans())
@settings(max_examples=80, deadline=None)
def test_comments_and_blank_lines_never_change_findings(text, fragment):
    noisy = "# before\n\n" + text.replace("\n", "\n\n    # note\n\n")
    assert brief(lint(noisy, fragment=fragment)) == brief(lint(text, fragment=fragment))


@given(configs)
@settings(max_examples=80, deadline=None)
def test_fixing_twice_is_fixing_once(text):
    once = safe_fixes(text, lint(text))
    twice = safe_fixes(once, lint(once))
    thrice = safe_fixes(twice, lint(twice))
    assert thrice == safe_fixes(thrice, lint(thrice))


@every(sorted(FIXTURES.glob("*/fires_*.conf")))
def test_a_fix_takes_its_finding_away(path):
    text = path.read_text(encoding="utf-8")
    report = lint(text)
    before = Counter(one.code for one in report.findings)
    fixed = Counter(one.code for one in report.findings if one.edits)
    after = Counter(one.code for one in lint(safe_fixes(text, report)).findings)
    assert all(after[code] <= before[code] - count for code, count in fixed.items())


def test_a_comment_mutes_a_finding_on_its_line_and_on_the_next():
    bad = "<source 0/0>\nalways-allow-relaying yes{}\n</source>\n"
    assert lint(bad.format(" # portero: ignore=PMTA401")).findings == ()
    assert lint(bad.format(" # portero: ignore=open-relay")).muted == 1
    assert lint(bad.format(" # portero: ignore=PMTA402")).findings
    above = "<source 0/0>\n# portero: ignore=PMTA401, PMTA403\nalways-allow-relaying yes\n</source>\n"
    assert lint(above).findings == ()


def test_the_report_has_the_shape_that_the_terminal_promises():
    found = lint("<source 0/0>\nalways-allow-relaying yes\n</source>\n").to_json()
    assert found["schema"] == "portero.pmta/1"
    assert found["findings"] == [
        {
            "code": "PMTA401",
            "rule": "open-relay",
            "severity": "danger",
            "line": 2,
            "column": 1,
            "end_column": 22,
            "message": "Open relay: anybody may relay here without a login.",
            "suggestion": NARROW,
            "basis": "documented",
        }
    ]
    assert (found["secrets_masked"], found["reflowed"]) == (0, False)


def test_the_worst_finding_is_named_first():
    report = lint("<source 0/0>\nrequire-auth maybe\nallow-unencrypted-plain-auth yes\n</source>\n")
    assert headline(report).startswith("1 error, 1 danger. First: line 2, require-auth does not take")


def test_the_marker_stands_under_the_token():
    report = lint("<domain *>\n    use-starttls on\n</domain>\n")
    line, marker = excerpt(report.findings[0])
    assert line[marker.index("^") : len(marker)] == "on"


def test_a_long_line_is_cut_round_the_token():
    report = lint(MTAS)
    finding = next(one for one in report.findings if one.code == "PMTA510")
    line, marker = excerpt(finding, 60)
    assert line[marker.index("^") : len(marker)] == "use-starttls"
    assert len(line) <= 62


def test_in_a_message_a_quoted_line_fits_a_phone_with_its_marker_under_the_place():
    flat = "<source 0/0> always-allow-relaying yes</source><smtp-user foo> password barbaz</smtp-user>"
    for text in (MTAS, USER, flat):
        for finding in lint(text).findings:
            line, marker = excerpt(finding, LINE)
            assert max(len(line), len(marker)) <= 38
            assert line[marker.index("^")] == finding.quoted.expandtabs(1)[finding.marked[0]]


def test_of_a_line_that_is_cut_what_is_behind_the_place_is_seen_too():
    flat = "<source 0/0> always-allow-relaying yes</source><smtp-user foo> password barbaz</smtp-user>"
    finding = next(one for one in lint(flat).findings if one.code == "PMTA401")
    assert excerpt(finding, LINE) == ("…rce 0/0> always-allow-relaying yes</…", " " * 10 + "^" * 21)


def test_the_advice_of_the_article_is_judged():
    codes = {one.code for one in lint(USER).findings}
    assert {"PMTA404", "PMTA411", "PMTA115"} <= codes
    assert not {one.severity for one in lint(USER).findings} & {"error"}
    open_to_all = "<source 0/0>\nalways-allow-relaying yes # allow feeding\n</source>\n"
    assert [one.severity for one in lint(open_to_all).findings] == ["danger"]


@pytest.mark.parametrize("name", FLATTENED)
def test_a_flattened_stanza_gets_the_findings_of_the_written_one(name):
    flattened, as_written = FLATTENED[name]
    ours = [finding for finding in brief(lint(flattened)) if finding[0] != "PMTA115"]
    assert sorted(ours) == sorted(brief(lint(as_written)))
    mended = safe_fixes(flattened, lint(flattened))
    assert sorted(brief(lint(mended))) == sorted(finding for finding in brief(lint(mended)) if finding[0] != "PMTA115")


HOSTILE = [
    '"' * 50,
    '\\"' * 50,
    "<domain x>",
    "</domain>",
    "<foo>",
    "#a<domain x> type y",
    "#" * 50,
    "/a",
    "password x " * 9,
    "x-password-" * 9,
    "relay-domain " + "a." * 40 + "!",
    "postmaster " + "a@" * 40,
    "reply /((a+)+)+b/ mode=backoff",
    "retry-after " + "1d" * 40 + "x",
]


@pytest.mark.parametrize("line", HOSTILE)
def test_hostile_lines_take_linear_time(line):
    """Each was slow in some draft: a hang here is a pattern that goes back over what it has read."""
    lint((line + "\n") * 500)
    lint(line * 500)
    lint((line + " ") * 500)


def test_findings_that_are_too_many_to_list_are_counted_and_named():
    report = lint("".join(f"no-such-{number} 1\n" for number in range(1500)))

    assert len(report.findings) == 1000
    assert report.counts == {"error": 1500}
    assert "Not listed: 500 more of PMTA201 unknown-directive." in listing(report)
    assert report.to_json()["more"] == [
        {"code": "PMTA201", "rule": "unknown-directive", "severity": "error", "count": 500, "endless": False}
    ]


def test_counting_ends_somewhere_and_says_so():
    report = lint("</domain>\n" * 21_000)

    assert report.total == 20_000
    assert "at least 19,000 more of PMTA102" in listing(report)


def test_of_a_long_line_a_stretch_round_the_place_is_quoted_with_its_secrets_covered():
    report = lint("max-smtp-out 1x" + " 2" * 3000 + " password geheimes" + " 3" * 3000 + "\n")
    finding = report.findings[0]

    assert all(len(one.quoted) <= 402 and "geheimes" not in one.quoted for one in report.findings)
    start, stop = finding.marked
    assert finding.quoted[start:stop].startswith("1x")
    assert finding.quoted.endswith("…")


def test_a_statement_takes_a_few_hundred_bytes():
    text = "".join(f"max-smtp-out {number}\n" for number in range(1000, 6000))
    lint(text)
    tracemalloc.start()
    try:
        lint(text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak / 5000 < 450


def test_findings_that_are_only_counted_get_no_sentence_and_those_that_are_shown_are_the_same():
    stanza = "<domain a{0}.example>\n    max-smpt-out 2\n    retry-after 1{0}\n    use-starttls on{0}\n</domain>\n"
    text = "".join(stanza.format(number % 40) for number in range(60)) + "<domain x\nuse-starttls on on\n"
    whole = examined(text, version="5.0", fragment=None).report
    for most in (1, 7, 50, len(whole.findings) - 1, len(whole.findings)):
        few = examined(text, version="5.0", fragment=None, told=most).report
        assert [dataclasses.astuple(one) for one in few.cut(most).findings] == [
            dataclasses.astuple(one) for one in whole.cut(most).findings
        ]
        assert few.cut(most) == whole.cut(most)
        assert sum(one.message != "" for one in few.findings) == most
