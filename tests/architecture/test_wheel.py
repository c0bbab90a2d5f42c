import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from .sources import PACKAGES, ROOT

BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
ASK = """
import sys
from commands.smtpport import catalogue
from commands.smtpport.advise import advise
from commands.smtpport.catalogue.reader import catalogue as read
from commands.smtpport.question.reader import read as understood
assert catalogue.__file__.startswith(sys.argv[1]), catalogue.__file__
print(*map(len, read()), advise(understood("sparkpost")).recommended.port)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The unpacked wheel, built from a copy: a build leaves its own files beside the source."""
    folder = tmp_path_factory.mktemp("wheel")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / "source" / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / file, folder / "source")
    subprocess.run([sys.executable, "-c", BUILD, folder], cwd=folder / "source", capture_output=True, check=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_holds_every_module_and_every_data_file(wheel):
    sources = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    wanted = {str(path.relative_to(ROOT)) for path in sources if "__pycache__" not in path.parts}
    missing = sorted(name for name in wanted if not (wheel / name).is_file())
    assert missing == []


def test_an_installed_wheel_reads_its_own_catalogue(wheel):
    run = subprocess.run(
        [sys.executable, "-c", ASK, str(wheel)],
        cwd=wheel.parent,
        env={**os.environ, "PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stderr, run.stdout.split()[-1]) == ("", "587")
    assert all(int(count) > 10 for count in run.stdout.split()[:-1])
