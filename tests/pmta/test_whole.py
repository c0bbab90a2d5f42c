"""Several files as one configuration: what includes name, what is not read, and where findings stand."""

import json
import os

import pytest

from bot.cli import main
from commands.pmta.configuration.assembly import DEEPEST, MOST_FILES, UnreadError
from commands.pmta.configuration.candidates import is_config
from commands.pmta.linter import lint
from commands.pmta.whole import whole

SOURCE = "<source 0/0>\n always-allow-relaying yes\n default-virtual-mta mta1\n</source>\n"
MTA = "<virtual-mta mta1>\n smtp-source-host 192.0.2.1 a.example.com\n</virtual-mta>\n"


class Files:
    """Texts by name; an include names one of them, or those of a folder."""

    def __init__(self, **texts):
        self.texts = {name.replace("_", "/"): text for name, text in texts.items()}

    def found(self, pattern, includer):
        return [name for name in self.texts if name == pattern or name.startswith(pattern.removesuffix("*") + "/")]

    def identity(self, name):
        return name

    def text(self, name, *, included):
        return self.texts[name]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(**texts):
        for name, text in texts.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_every_line_of_the_whole_text_is_found_again_in_its_file():
    files = Files(a="one 1\ninclude b\nthree 3\n", b="b1 1\r\nb2 2", c="c1 1\rinclude b\rc3 3\r")
    text, origin = whole(["a", "c"], files)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").splitlines()
    stand = [origin.place(number) for number in range(1, len(lines) + 1)]

    assert len(lines) == 10
    assert [
        files.texts[file].replace("\r\n", "\n").replace("\r", "\n").split("\n")[line - 1] for file, line in stand
    ] == lines


def test_a_file_that_another_one_includes_is_no_beginning_and_of_a_circle_the_first_is():
    assert whole(["b", "a"], Files(a="x 1\ninclude b\n", b="y 1\n")).origin.files == ("a", "b")

    text, origin = whole(["a", "b"], Files(a="x 1\ninclude b\n", b="y 1\ninclude a\n"))
    assert text == "x 1\ninclude b\ny 1\ninclude a\n"
    assert [(one.name, one.why, one.file, one.line) for one in origin.unread] == [("a", "it includes itself", "b", 2)]
    assert str(origin.unread[0]) == "a (b:2: it includes itself: a > b > a)"


@pytest.mark.parametrize(
    "files",
    [
        {"a": "include b\n" * 50, "b": "include c\n" * 50, "c": "include d\n" * 50, "d": "x 1\n"},
        {"a": "include nothing\n" * 3000},
        {f"{'a' * (number + 1)}": f"include {'a' * (number + 2)}\nx 1\n" for number in range(DEEPEST + 9)},
        {"a": "include b\n" * 30, "b": f"x {'1' * 60}\n" * 8000},
    ],
    ids=["many", "asking", "deep", "large"],
)
def test_includes_are_bounded_and_what_is_left_out_is_said(files):
    text, origin = whole(["a"], Files(**files))

    assert len(text) <= 11 * 1024 * 1024
    assert len(origin.stretches) <= 3 * MOST_FILES
    assert origin.unread


def test_findings_carry_their_file_and_names_are_looked_for_in_all_of_them(folder, capsys):
    folder(config=f"include parts/*.conf\n{MTA}", parts__a="", parts__b="")
    folder(**{"parts__a.conf": SOURCE, "parts__b.conf": MTA})

    assert main(["pmta", "config", "--format", "json"]) == 1

    found = json.loads(capsys.readouterr().out)
    said = {(one["code"], one["file"], one["line"]): one["message"] for one in found["findings"]}
    assert found["files"] == ["config", "parts/a.conf", "parts/b.conf"]
    assert ("PMTA401", "parts/a.conf", 2) in said
    assert "line 1 of parts/b.conf" in said["PMTA321", "config", 2]
    assert not [code for code, *_ in said if code == "PMTA701"]


def test_what_could_not_be_read_is_the_first_that_is_said_and_softens_what_depends_on_it(folder, capsys):
    folder(config=f"{SOURCE}include gone.conf\ninclude https://bob:Zq7Wx9Kv3Tp@h.example/x\ninclude nothing/*\n")

    main(["pmta", "config", "--whole"])

    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("Not read: gone.conf (config:5: no such file or directory); ")
    assert "an include by URL is not fetched" in first
    assert "nothing/* (config:7: there is no such file)" in first
    assert "Zq7Wx9Kv3Tp" not in first
    assert not [line for line in rest if "PMTA701" in line]


@pytest.mark.parametrize("name", ["shadow", "pipe", "loop", "keys", "folder"])
def test_what_is_no_config_is_not_read_on_and_nothing_of_it_is_printed(folder, capsys, name):
    path = folder(
        config=f"include {name}\nsmtp-port 25\n", keys="\0\1\2", shadow="root:$6$Zq7Wx9Kv3Tp:19000::\nbin:*::\n"
    )
    os.mkfifo(path / "pipe")
    (path / "loop").symlink_to("loop")
    (path / "folder").mkdir()

    assert main(["pmta", "config"]) == 0

    out = capsys.readouterr().out
    assert out.startswith(f"Not read: {name} (config:1: ")
    assert "Zq7Wx9Kv3Tp" not in out


def test_a_wildcard_does_not_have_the_whole_disk_read(folder, capsys):
    folder(config="include /*/*/*/*/*/*/*/*\nsmtp-port 25\n")

    main(["pmta", "config"])

    assert "Not read: /*/*/*/*/*/*/*/* (config:1: it takes more than 20,000 files" in capsys.readouterr().out


def test_whether_a_text_is_a_config_is_said_by_half_of_its_lines():
    assert is_config("# to come\n")
    assert is_config("<domain x.com>\n max-smtp-out 1\n dkim-sgn yes\n</domain>\n")
    assert is_config("/spam/ spam-related\n")
    assert not is_config("address of the office\nAnna lives here\nBob there\n")
    assert not is_config("root:x:0:0:root:/root:/bin/bash\n")


def test_a_given_file_that_cannot_be_put_in_is_an_error():
    with pytest.raises(UnreadError):
        whole(["a"], Files(a="x 1\n" * 4_000_000))


def test_one_file_alone_is_said_as_before():
    text, origin = whole(["a"], Files(a=SOURCE))
    assert lint(text, origin=origin).to_json()["findings"] == lint(SOURCE).to_json()["findings"]
