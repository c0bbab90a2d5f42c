import ast
import re
import subprocess
import sys

import pytest

from .sources import ROOT, modules, name_of

SHADOWS = {"slack", "email", "signal", "logging"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "base", "misc"}
INDEX = re.compile(
    r"index-url\s*[=:]\s*\S|--(?:extra-)?index-url(?!\w)|https?://\S*/simple\b|find-links\s*=", re.IGNORECASE
)
HOME = re.compile(r"(?<![\w~.])/(?:home|Users)/[a-z]\w*|/r[o]ot/|/w[o]rk/")
BINARY = {".png", ".gif", ".jpg", ".ico", ".gz"}


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY]


def test_no_module_shadows_a_library():
    assert [name_of(path) for path in modules() if path.stem in SHADOWS] == []


def test_no_module_is_a_drawer_for_everything():
    assert [name_of(path) for path in modules() if path.stem in VAGUE] == []


def test_no_class_answers_to_whatever_name_it_is_asked_for():
    """What forwards everything hides which role it stands for, and passes on what nobody decided about."""
    hooks = {"__getattr__", "__getattribute__"}
    classes = [
        (path, node)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    forwarding = [
        f"{name_of(path)}.{node.name}"
        for path, node in classes
        if hooks & {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    ]
    assert forwarding == []


def test_test_folders_do_not_shadow_the_packages():
    folders = [path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("_")]
    assert not set(folders) & {"bot", "commands"}
    assert [name for name in folders if not (ROOT / "tests" / name / "__init__.py").exists()] == []


def test_no_file_names_an_index_or_somebodys_home():
    found = []
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="replace")
        if path == ROOT / "tests/architecture/test_names.py":
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in (*INDEX.finditer(text), *HOME.finditer(text))]
    assert [one for one in found if not one.startswith("Makefile: --no-emit-index-url")] == []


def test_no_file_holds_a_token():
    token = re.compile(r"xox[abpr]-\d{6,}|xapp-\d-[A-Z0-9]{8,}")
    assert [path.name for path in tracked() if token.search(path.read_text(encoding="utf-8", errors="replace"))] == []


def test_generated_documentation_is_fresh():
    run = subprocess.run(
        [sys.executable, "-m", "bot.terminal.generated_docs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")


FILE_NAME = re.compile(r"`([\w./-]+\.(?:py|toml|yml|sh|service))`")


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md"])
def test_a_page_names_files_that_there_are(page):
    paths = {f"/{path.relative_to(ROOT)}" for path in tracked()}
    named = FILE_NAME.findall((ROOT / page).read_text(encoding="utf-8"))
    assert len(named) > 10
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in paths)] == []
