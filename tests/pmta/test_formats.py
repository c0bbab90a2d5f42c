"""What machines read of a check: SARIF, GitHub's commands, JUnit; and what a project wants of it."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from bot.cli import main
from commands.contract import UserError
from commands.pmta.annotations import github, junit
from commands.pmta.linter import lint
from commands.pmta.policy import Policy, codes, read_baseline, read_project
from commands.pmta.sarif import sarif
from tests.pmta.secret_pastes import shown_of, some

BAD = "<domain *>\n    dkim-algorithm rsa-sha1\n    max-smtp-out 20\n</domain>\nfoo-bar 1\n"
RELAY = "<source 0/0>\n always-allow-relaying yes\n</source>\n"

# The schema of SARIF 2.1.0 as far as it is used: what an object must have, and what its values are.
SHAPES = {
    "log": ({"version", "runs"}, {"$schema": str, "version": ("2.1.0",), "runs": ["run"]}),
    "run": ({"tool"}, {"tool": "tool", "columnKind": ("utf16CodeUnits", "unicodeCodePoints"), "results": ["result"]}),
    "tool": ({"driver"}, {"driver": "driver"}),
    "driver": ({"name"}, {"name": str, "version": str, "informationUri": re.compile(r"[a-z]+:\S+"), "rules": ["rule"]}),
    "rule": (
        {"id"},
        dict.fromkeys(("shortDescription", "fullDescription", "help"), "text")
        | {"id": str, "name": str, "defaultConfiguration": "configuration"},
    ),
    "configuration": (set(), {"level": ("none", "note", "warning", "error")}),
    "text": ({"text"}, {"text": str}),
    "result": (
        {"message"},
        {
            "ruleId": str,
            "level": ("none", "note", "warning", "error"),
            "message": "text",
            "locations": ["location"],
            "fixes": ["fix"],
            "baselineState": ("new", "unchanged", "updated", "absent"),
            "properties": dict,
        },
    ),
    "location": (set(), {"physicalLocation": "physical"}),
    "physical": ({"artifactLocation"}, {"artifactLocation": "artifact", "region": "region"}),
    "artifact": (set(), {"uri": re.compile(r"[\w./~%-]+")}),
    "region": (set(), dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), int)),
    "fix": ({"artifactChanges"}, {"description": "text", "artifactChanges": ["change"]}),
    "change": ({"artifactLocation", "replacements"}, {"artifactLocation": "artifact", "replacements": ["replacement"]}),
    "replacement": ({"deletedRegion"}, {"deletedRegion": "region", "insertedContent": "text"}),
}


def fits(value, shape):
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(one, shape[0]) for one in value)
    if isinstance(shape, tuple):
        return value in shape
    if isinstance(shape, re.Pattern):
        return bool(shape.fullmatch(value))
    if shape is int:
        return isinstance(value, int) and value >= 1
    if isinstance(shape, type):
        return isinstance(value, shape)
    needed, known = SHAPES[shape]
    return needed <= value.keys() <= known.keys() and all(fits(one, known[name]) for name, one in value.items())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").write_text(BAD, encoding="utf-8")
    (tmp_path / "a b.conf").write_text(RELAY, encoding="utf-8")
    return tmp_path


def printed(capsys, *argv):
    main(["pmta", *argv])
    return capsys.readouterr().out


def test_sarif_is_as_its_schema_says_and_its_fixes_mend(folder, capsys):
    log = json.loads(printed(capsys, "config", "a b.conf", "--format", "sarif"))
    assert fits(log, "log")
    driver = log["runs"][0]["tool"]["driver"]
    assert {"version", "informationUri"} <= driver.keys()
    results = {one["ruleId"]: one for one in log["runs"][0]["results"]}
    assert results["PMTA401"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.conf"
    (change,) = results["PMTA417"]["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    line = BAD.splitlines()[region["startLine"] - 1]
    assert region["startLine"] == region["endLine"] == 2
    mended = (
        line[: region["startColumn"] - 1] + replacement["insertedContent"]["text"] + line[region["endColumn"] - 1 :]
    )
    assert mended == "    dkim-algorithm rsa-sha256"


def test_github_and_junit_have_each_finding_at_its_place(folder, capsys):
    lines = printed(capsys, "config", "a b.conf", "--format", "github").splitlines()
    (relay,) = (line for line in lines if "PMTA401" in line)
    assert relay.startswith("::error file=a b.conf,line=2,col=2,endColumn=23,title=PMTA401 open-relay::Open relay: ")

    root = ET.fromstring(printed(capsys, "config", "a b.conf", "--format", "junit").split("\n", 1)[1])
    assert [suite.get("name") for suite in root] == ["config", "a b.conf"]
    assert [case.find("failure").get("type") for case in root[1] if case.find("failure") is not None] == ["danger"]
    clean = ET.fromstring(junit(lint("smtp-port 25\n"), "x").split("\n", 1)[1])
    assert (clean[0].get("tests"), clean[0].get("failures")) == ("1", "0")


def test_what_a_name_holds_cannot_break_out_of_a_command_or_an_attribute():
    report = lint(RELAY)
    name = 'a,b:c%\n::error::x" <y>\x1b\x00'
    assert all("\n" not in line and line.count("::") == 2 for line in github(report, name))
    assert ET.fromstring(junit(report, name).split("\n", 1)[1])[0].get("tests") == "1"


def test_no_format_and_no_baseline_holds_a_secret(folder, capsys):
    shown = []
    for paste, secret in list(some())[3::5]:
        report = lint(paste)
        said = "\n".join([*github(report, "x"), junit(report, "x"), json.dumps(sarif(report, "x", paste))])
        shown += [paste] if shown_of(secret, said) else []
    assert shown == []


def test_flags_and_project_file_say_what_counts(folder, capsys):
    def found(*flags):
        status = main(["pmta", "config", "--format", "json", *flags])
        return status, {one["code"] for one in json.loads(capsys.readouterr().out)["findings"]}

    _, before = found()
    assert {"PMTA201", "PMTA417"} <= before
    assert found("--name", "foo-bar")[1] == before - {"PMTA201"}
    assert found("--ignore", "PMTA417,unknown-directive")[1] == before - {"PMTA201", "PMTA417"}
    assert found("--select", "PMTA417") == (0, {"PMTA417"})
    assert found("--select", "PMTA417", "--fail-on", "warning")[0] == 1
    assert found("--fail-on", "never")[0] == 0

    project = folder / "portero.toml"
    project.write_text('[pmta]\nignore = ["PMTA417"]\nnames = ["Foo-Bar"]\nfail-on = "notice"\n', encoding="utf-8")
    assert found()[1] == before - {"PMTA201", "PMTA417"}
    assert main(["pmta", "config", "--project", "not-there"]) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[pmta]\nignore = ["PMTA999"]', "there is no rule PMTA999"),
        ("[pmta]\nignor = []", "has no ignor"),
        ("[pmta]\nignore = 3", "a list of words"),
        ('[pmta]\nfail-on = "sometimes"', "one of error, danger"),
        ("pmta = 3", "is a section"),
        ("[pmta", "no TOML"),
    ],
)  # fmt: skip
def test_what_a_project_file_says_wrong_is_told(text, says):
    with pytest.raises(UserError, match=re.escape(says)):
        read_project(text, "portero.toml")


def test_a_rule_that_is_misspelt_is_suggested():
    with pytest.raises(UserError) as caught:
        codes(["open-rely"], "--ignore")
    assert caught.value.hint == "Did you mean open-relay?"


def test_with_a_baseline_only_what_is_new_fails_and_it_holds_codes_alone(folder, capsys):
    argv = ["pmta", "config", "a b.conf"]
    assert main([*argv, "--write-baseline", "base.json"]) == 1
    assert set(re.findall(r'"(\w+)":', (folder / "base.json").read_text())) == {
        "schema",
        "findings",
        "file",
        "code",
        "mark",
        "count",
    }
    (folder / "a b.conf").write_text(f"# moved\n\n{RELAY}", encoding="utf-8")
    assert main([*argv, "--baseline", "base.json"]) == 0
    assert "(known)" in capsys.readouterr().out
    (folder / "a b.conf").write_text(RELAY.replace("0/0", "::/0"), encoding="utf-8")  # as many, but another one
    assert main([*argv, "--baseline", "base.json"]) == 1
    capsys.readouterr()

    (folder / "a b.conf").write_text(RELAY + "\n" + RELAY.replace("0/0", "::/0"), encoding="utf-8")
    log = json.loads(printed(capsys, "config", "a b.conf", "--baseline", "base.json", "--format", "sarif"))
    states = {(one["ruleId"], one["baselineState"]) for one in log["runs"][0]["results"]}
    assert ("PMTA401", "new") in states
    assert ("PMTA417", "unchanged") in states
    assert main([*argv, "--baseline", "base.json"]) == 1
    with pytest.raises(UserError):
        read_baseline("{}", "x")


def test_a_policy_of_nothing_changes_nothing():
    report = lint(BAD)
    assert Policy().applied(report, "x") == report
    assert Policy().fails(lint(RELAY))


def test_a_comment_that_mutes_what_is_no_rule_is_told():
    report = lint("max-smtp-out 3 # portero: ignore=PMTA999,open-relay\n")
    assert report.no_rules == (("line 1", "pmta999"),)
