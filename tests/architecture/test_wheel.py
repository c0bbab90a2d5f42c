"""What is published: the wheel, installed into an environment that knows nothing of this checkout."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from .sources import PACKAGES, ROOT, modules, name_of

IMPORT = """
import importlib, json, sys
names = json.load(sys.stdin)
print(json.dumps({name: importlib.import_module(name).__file__ for name in names}))
"""
READING = """
from commands.smtpport.advise import advise
from commands.smtpport.catalogue.reader import catalogue
from commands.smtpport.question.reader import read
print(*map(len, catalogue()), advise(read("sparkpost")).recommended.port)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy: a build leaves its own files beside the source."""
    return built(tmp_path_factory.mktemp("wheel"))


def built(folder, umask=0o022):
    """Built in a copy whose files were made under that umask."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / "source" / package, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "source/docs").mkdir()
    for file in ("pyproject.toml", "README.md", "LICENSE", "docs/portero.1"):
        shutil.copy(ROOT / file, folder / "source" / file)
    for path in (folder / "source").rglob("*"):
        path.chmod((0o777 if path.is_dir() else 0o666) & ~umask)
    build = [ROOT / ".ci/wheel", sys.executable, folder / "source", folder]
    subprocess.run(build, capture_output=True, check=True, umask=umask)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_is_the_same_bytes_whenever_and_by_whomever_it_is_built(wheel, tmp_path):
    assert built(tmp_path, umask=0o077).read_bytes() == wheel.read_bytes()


@pytest.fixture(scope="module")
def installed(wheel):
    """Runs a program of an environment with the wheel and the libraries of ours, and not with our own checkout.

    No index is asked. A path in a `.pth` file brings the libraries; the `.pth` files beside them, such as that of the
    editable install, are not read.
    """
    place = wheel.parent / "environment"
    venv.create(place, symlinks=True)
    python = place / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "install", "-q"]
    subprocess.run([*pip, "--no-index", "--no-deps", wheel], capture_output=True, check=True)
    (packages,) = place.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    home = {"PATH": os.environ["PATH"], "HOME": str(place), "PYTHONWARNINGS": "error"}

    def run(program, *arguments, typed=""):
        command = [place / "bin" / program, *arguments]
        return subprocess.run(command, cwd=place, env=home, input=typed, capture_output=True, text=True, check=False)

    run.packages = packages
    return run


def test_the_wheel_holds_every_module_and_every_data_file(wheel):
    sources = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    wanted = {str(path.relative_to(ROOT)) for path in sources if "__pycache__" not in path.parts}
    with zipfile.ZipFile(wheel) as archive:
        assert sorted(wanted - set(archive.namelist())) == []


def test_every_module_is_imported_from_an_installed_wheel(installed):
    names = sorted({name_of(path) for path in modules() if path.name != "__main__.py"})
    done = installed("python", "-P", "-c", IMPORT, typed=json.dumps(names))
    assert done.returncode == 0, done.stderr
    elsewhere = {n: at for n, at in json.loads(done.stdout).items() if not Path(at).is_relative_to(installed.packages)}
    assert (len(names) > 300, elsewhere) == (True, {})


def test_an_installed_wheel_reads_its_own_catalogue(installed):
    done = installed("python", "-P", "-c", READING)
    *counts, port = done.stdout.split()
    assert (done.stderr, port) == ("", "587")
    assert all(int(count) > 10 for count in counts)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--version"], ["portero "]),
        (["port", "sparkpost"], ["587"]),
        (["pmta", "-"], ["PMTA"]),
        (["manifest"], ["/smtpcheck"]),
        (["check", "--demo", "mail.lab.example"], ["mail.lab.example works.", "465"]),
        (["demo", "--tour"], ["mail.lab.example", "SparkPost", "PMTA401", "That was the tour."]),
    ],
    ids=lambda value: value[0],
)
def test_an_installed_wheel_runs(installed, arguments, shown):
    done = installed("portero", *arguments, typed="smtp-listner 0/0:25\nsmtp-listener 0/0:465\n")
    assert done.stderr == ""
    assert [text for text in shown if text not in done.stdout] == []
