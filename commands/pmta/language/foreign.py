"""Lines that belong to other languages: the rules on them, and the rules on names that must stay silent there."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from commands.pmta.language.catalogue import DIRECTIVES, REGEX_NAME, TAGS
from commands.pmta.language.config import Config
from commands.pmta.language.tree import DIRECTIVE, Statement

# The first that matches the name and value of a line names its kind.
_KINDS = (
    ("key", re.compile(r"-----(?:BEGIN|END)\b")),
    ("html-comment", re.compile(r"<!--|-->")),
    ("entity", re.compile(r"&(?:lt|gt|amp|quot|nbsp);", re.IGNORECASE)),
    ("fence", re.compile(r"```|~~~")),
    ("slash-comment", re.compile(r"//(?!\s*[\w-]+\s*\Z)|/\*|\*/")),
    ("semicolon-comment", re.compile(r";")),
    ("brace", re.compile(r"[{}]\Z|\}")),
    ("assignment", re.compile(r"[A-Za-z][\w.-]*\s*(?:=(?![^\s=]*\s)|=\s|:\s|:\Z)")),
    ("placeholder", re.compile(r"(?:\.\.\.|…|\[\.\.\.\])\Z")),
)
_BRACE_AT_END = re.compile(r"\{[^\S\n]*\Z")
_WRAPPED = re.compile(r"[A-Za-z0-9+/=]{40,}\Z")


def _kind(key: str, name: str, value: str) -> str:
    if value.endswith(">") and key in TAGS and key != "domain-key":
        return "no-bracket"
    if "{" in value and _BRACE_AT_END.search(value):
        return "brace"
    if key in DIRECTIVES and key != REGEX_NAME:
        return "assignment" if value[:1] == "=" else ""
    line = f"{name} {value}".rstrip() if not name.startswith("/") or not value else value
    for kind, pattern in _KINDS:
        if pattern.match(line):
            return kind
    return "key" if _WRAPPED.match(line) else ""


def kind_of(one: Statement) -> str:
    """What other language a line speaks, "" for PowerMTA's own."""
    if one.foreign is None:
        one.foreign = _kind(one.key, one.name, one.value) if one.kind == DIRECTIVE else ""
    return one.foreign


def _foreign(config: Config) -> Iterator[Statement]:
    for name in config.names:
        known = name in DIRECTIVES and name != REGEX_NAME
        for one in config.named(name):
            if known and not ("=" in one.value or ">" in one.value or "{" in one.value):
                continue  # as `_kind` would find, and this is said of nearly all
            if kind_of(one):
                yield one


def in_braces(config: Config, one: Statement) -> bool:
    """True between a line that opens a brace and the one that closes it: one mistake, said once."""
    if "braces" not in config.memo:  # the text is searched once, not for each line
        config.memo["braces"] = _braced(config) if "{" in config.text and "}" in config.text else []
    spans = config.memo["braces"]
    at = bisect_right(spans, (one.start,)) - 1
    return at >= 0 and one.start <= spans[at][1]


def _braced(config: Config) -> list[tuple[int, int]]:
    spans, opened = [], -1
    for one in foreign(config, "brace"):
        if one.name == "}" or one.value.startswith("}"):
            spans += [(opened + 1, one.start)] if opened >= 0 else []
            opened = -1
        elif opened < 0:
            opened = one.start
    return spans


def foreign(config: Config, *kinds: str) -> list[Statement]:
    """The settings that speak one of these languages."""
    if "foreign" not in config.memo:
        config.memo["foreign"] = sorted(_foreign(config), key=lambda one: one.start)
    return [one for one in config.memo["foreign"] if one.foreign in kinds]
