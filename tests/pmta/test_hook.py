"""The pre-commit hook, run as its framework does: the declared entry with file names behind it."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
GOOD = "<domain gmail.com>\n    max-smtp-out 20\n</domain>\n"
BAD = "<source 0/0>\n    always-allow-relaying yes\n</source>\n"


def run(folder, *names):
    """Exit status and output of the hook in a repository that has no settings."""
    scripts = str(Path(sys.executable).parent)
    environment = {"PATH": scripts + os.pathsep + os.environ["PATH"], "HOME": str(folder)}
    command = [*shlex.split(HOOK["entry"]), *HOOK.get("args", ()), *names]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pmta").mkdir()
    for name, text in {
        "good.conf": GOOD,
        "bad.conf": BAD,
        "later.conf": "# to come\n",
        "prose.conf": "Hello.\n",
    }.items():
        (tmp_path / "pmta" / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_good_files_pass_and_bad_ones_stop_the_commit_with_their_names(folder):
    assert run(folder, "pmta/good.conf", "pmta/later.conf")[0] == 0

    (folder / "pmta" / "empty.conf").write_text("", encoding="utf-8")
    (folder / "pmta" / "odd.conf").write_text("# of a newer release\nfoo-bar 1\n", encoding="utf-8")
    status, out, _ = run(folder, "pmta/empty.conf", "pmta/odd.conf")
    assert status in {0, 1}
    assert "pmta/odd.conf:2" in out

    status, out, _ = run(folder, "pmta/good.conf", "pmta/bad.conf")
    assert status == 1
    assert "1 danger. First: pmta/bad.conf:2, Open relay" in out


def test_what_is_no_config_stops_the_commit_too_and_the_others_are_still_checked(folder):
    status, out, err = run(folder, "pmta/prose.conf", "pmta/bad.conf", "pmta/nothing.conf")

    assert status == 2
    assert "Open relay" in out
    assert "pmta/prose.conf: There is no PowerMTA setting in this file." in err
    assert "pmta/nothing.conf: No such file" in err


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("pmta/config", True),
        ("etc/pmta/config-defaults", True),
        ("roles/mta/files/pmta/domains/gmail.conf", True),
        ("mta.pmta", True),
        ("commands/pmta/lexer.py", False),
        ("pmta/README.md", False),
        ("pmta/keys/s1.pem", False),
        ("nginx/site.conf", False),
    ],
)
def test_the_hook_takes_configs_and_leaves_other_files_alone(path, taken):
    assert bool(re.search(HOOK["files"], path)) is taken
