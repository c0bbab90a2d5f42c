import pytest

from .sources import ROOT, imports, modules, name_of

FOLDERS = [
    "commands/smtpcheck",
    "commands/smtpport",
    "commands/pmta",
    "commands/secrets",
    "commands/history",
    "commands/watch",
    "commands/help",
    "bot",
    "storage",
]
"""Packages whose folders are in order. Whoever has brought another one into order adds it."""


def below(here, arrows):
    """Everything that is reached from here."""
    found, waiting = set(), [here]
    while waiting:
        news = arrows.get(waiting.pop(), set()) - found
        found |= news
        waiting += news
    return found


def folder_of(path):
    return ".".join(path.relative_to(ROOT).parent.parts)


def in_circles(arrows):
    return sorted(here for here in arrows if here in below(here, arrows))


def test_what_is_in_a_circle_is_found():
    assert in_circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == ["b", "c"]


@pytest.mark.parametrize("package", FOLDERS)
def test_neither_files_nor_folders_import_each_other_in_a_circle(package):
    folders = {name_of(path): folder_of(path) for path in modules(package)}
    files = {name_of(path): imports(path) & folders.keys() - {name_of(path)} for path in modules(package)}
    assert in_circles(files) == []
    between = {folder: set() for folder in folders.values()}
    for name, imported in files.items():
        between[folders[name]] |= {folders[other] for other in imported} - {folders[name]}
    assert in_circles(between) == []
