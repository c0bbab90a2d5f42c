"""`portero pmta`: files in, findings and an exit status out."""

import io
import json
import sys
from pathlib import Path

import pytest
import yaml

from bot.cli import main

BAD = "<source 0/0>\n    always-allow-relaying yes\n</source>\n"
GOOD = "<source 10.0.5.20>\n    always-allow-relaying yes\n</source>\n"


@pytest.fixture
def config(tmp_path):
    def written(text, name="config"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return written


def test_a_dangerous_config_is_bad_news_and_a_sound_one_is_not(config, capsys):
    assert main(["pmta", config(BAD)]) == 1
    assert "PMTA401" in capsys.readouterr().out
    assert main(["pmta", config(GOOD)]) == 0


def test_several_files_end_with_the_worst_of_them(config):
    assert main(["pmta", config(GOOD, "a"), config(BAD, "b")]) == 1


def test_standard_input_is_a_file_too(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))

    assert main(["pmta", "-"]) == 1
    assert "open-relay" in capsys.readouterr().out


def test_json_has_the_shape_that_others_rely_on(config, capsys):
    main(["pmta", config(BAD), "--format", "json"])
    found = json.loads(capsys.readouterr().out)

    assert found["schema"] == "portero.pmta/1"
    assert set(found["findings"][0]) == {
        "code", "rule", "severity", "line", "column", "end_column", "message", "suggestion", "basis",
    }  # fmt: skip
    assert {"secrets_masked", "reflowed"} <= set(found)


def test_sarif_names_the_file(config, capsys):
    path = config(BAD)
    main(["pmta", path, "--format", "sarif"])

    assert path in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x01\x02 smtp-listener", "no text"),
        (b"hello world\n", "no PowerMTA setting"),
    ],
)
def test_what_is_no_config_is_refused_with_a_word(config, capsys, content, words):
    assert main(["pmta", config(content)]) == 2
    assert words in capsys.readouterr().err


def test_a_missing_file_and_a_directory_are_named(tmp_path, capsys):
    assert main(["pmta", str(tmp_path / "nothing")]) == 2
    assert "No such file" in capsys.readouterr().err
    assert main(["pmta", str(tmp_path)]) == 2
    assert "directory" in capsys.readouterr().err


def test_safe_fixes_are_written_and_what_is_left_is_shown(config, tmp_path, capsys):
    flat = "<source 10.0.5.20> always-allow-relaying yes </source>\n"
    path = config(flat)

    assert main(["pmta", path, "--fix"]) == 0

    assert (tmp_path / "config").read_text().count("\n") == 3
    assert "PMTA115" not in capsys.readouterr().out


def test_a_rule_is_explained_and_a_near_miss_suggested(capsys):
    assert main(["pmta", "--explain", "PMTA401"]) == 0
    assert "open-relay" in capsys.readouterr().out
    assert main(["pmta", "--explain", "retry-aftr"]) == 2
    assert "retry-after" in capsys.readouterr().err
    assert main(["pmta", "--explain", "zzzzqqq"]) == 2
    assert "Did you mean ?" not in capsys.readouterr().err


def test_the_pre_commit_hook_runs_this_command():
    (hook,) = yaml.safe_load(Path(".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

    assert hook["id"] == "portero-pmta"
    assert hook["entry"] == "portero pmta"
