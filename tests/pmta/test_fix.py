"""`portero pmta --fix` on files of a folder, and the list of what it changed."""

import stat

import pytest
from hypothesis import given, settings

from bot.cli import main
from bot.terminal import config_file
from commands.contract import UserError
from commands.pmta.fixes import changes, listing, safe_fixes
from commands.pmta.linter import lint
from tests.pmta.shapes import configs

BAD = "# sender\n<domain *>\n    dkim-algorithm rsa-sha1\n    max-smtp-out 20\n</domain>\n"
GOOD = BAD.replace("sha1", "sha256")
SECRET = "Zq7Wx9Kv3Tp"


@pytest.fixture
def config(tmp_path):
    def write(content):
        path = tmp_path / "config"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_was_changed_is_listed_with_line_before_after_and_rule(config, capsys):
    path = config(BAD)

    assert main(["pmta", str(path), "--fix"]) == 0

    assert path.read_text(encoding="utf-8") == GOOD
    assert capsys.readouterr().out.startswith(
        f"{path}: 1 fixed.\n"
        "line 3  PMTA417 sha1-signature\n"
        "    - dkim-algorithm rsa-sha1\n"
        "    + dkim-algorithm rsa-sha256\n"
    )


def test_nothing_to_fix_is_said_and_nothing_written(config, capsys):
    path = config(GOOD)
    before = path.stat()

    main(["pmta", str(path), "--fix"])

    assert "nothing to fix; the file is as it was" in capsys.readouterr().out
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_beside_json_the_list_goes_to_the_other_stream(config, capsys):
    main(["pmta", str(config(BAD)), "--fix", "--format", "json"])

    caught = capsys.readouterr()
    assert caught.out.startswith("{")
    assert "PMTA417" in caught.err


def test_line_breaks_stay_what_they_were(config):
    path = config(BAD.replace("\n", "\r\n"))

    main(["pmta", str(path), "--fix"])

    assert path.read_bytes() == GOOD.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("encoding", "word"), [("utf-8", "größe"), ("latin-1", "größe"), ("utf-8-sig", "größe"), ("cp1252", "–€")]
)
def test_the_encoding_stays_what_it_was(config, encoding, word):
    path = config((f"# {word}\n" + BAD).encode(encoding))

    main(["pmta", str(path), "--fix"])

    assert path.read_bytes() == (f"# {word}\n" + GOOD).encode(encoding)


def test_mode_and_link_stay_what_they_were(config, tmp_path):
    path = config(BAD)
    path.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(path)

    main(["pmta", str(link), "--fix"])

    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.read_text(encoding="utf-8") == GOOD
    assert names(tmp_path) == ["config", "link"]


def test_a_file_that_somebody_changed_meanwhile_is_left_alone(config, tmp_path):
    path = config(BAD)
    file = config_file.read(str(path))
    path.write_text("# mine\n", encoding="utf-8")

    with pytest.raises(UserError, match="changed by somebody else meanwhile"):
        config_file.write(file, GOOD)

    assert path.read_text(encoding="utf-8") == "# mine\n"
    assert names(tmp_path) == ["config"]


def test_a_file_that_went_away_is_not_made_again(config, tmp_path):
    path = config(BAD)
    file = config_file.read(str(path))
    path.unlink()

    with pytest.raises(UserError, match="cannot be written: No such file"):
        config_file.write(file, GOOD)

    assert names(tmp_path) == []


def test_lost_line_breaks_are_said_to_be_put_back(config, capsys):
    path = config("<source 10.0.5.20> always-allow-relaying yes </source>\r\n")

    main(["pmta", str(path), "--fix"])

    assert "the whole text  lost line breaks" in capsys.readouterr().out
    assert path.read_bytes() == b"<source 10.0.5.20>\r\n    always-allow-relaying yes\r\n</source>\r\n"


def test_a_bad_file_does_not_keep_others_from_their_report(config, tmp_path, capsys):
    assert main(["pmta", str(tmp_path / "nothing"), str(config(BAD))]) == 2

    caught = capsys.readouterr()
    assert "nothing: No such file" in caught.err
    assert "PMTA417" in caught.out


def test_the_list_of_changes_holds_no_secret():
    text = f"<domain x.example>\n    auth-username u\n    auth-password = {SECRET}\n</domain>\n"

    found = changes(text, lint(text))

    assert found
    assert SECRET not in "\n".join(listing(found))


@given(configs)
@settings(max_examples=80, deadline=None)
def test_the_changes_lead_from_the_text_to_the_mended_one(text):
    report = lint(text)
    found = changes(text, report)

    assert bool(found) == bool(report.reflowed or any(one.edits for one in report.findings))
    if not found:
        assert safe_fixes(text, report) == text
    assert all(change.rules for change in found)
