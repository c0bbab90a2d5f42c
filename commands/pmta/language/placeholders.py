"""What a template or a how-to page leaves to be filled in: `{{ip}}`, `<%= ip %>`, `${IP}`, `__IP__`, `YOUR_IP`.

What stands on such a line is unknown until it is filled in, so nothing on it is judged.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from commands.pmta.language.catalogue import REGEX_NAME
from commands.pmta.language.config import Config
from commands.pmta.language.tree import CLOSE, DIRECTIVE, OPEN, Statement

_SIGNS = (
    "{", "}}", "$", "%", "__", "<?", "[", ".x", ".X", "IP", "HOST", "DOMAIN", "YOUR", "MY_", "SERVER_", "_PASS",
    "_USER", "_PORT", "_KEY", "_ADDRESS", "@@",
)  # fmt: skip
"""Every placeholder has one of them; looked for one by one, which is far quicker than by a pattern."""
_SURE = re.compile(
    r"\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)|<%.*?(?:%>|\Z)|<\?(?:php|=)|\$\{[^}\s]*\}|\$[A-Za-z]?\{\w+\}|\$\(\w+\)|\$\[\w+\]"
    r"|(?<!\w)__[A-Za-z][A-Za-z0-9_]*?__(?!\w)|(?<![\w%])%[A-Za-z_]{2,}%|(?<!\w)@@?[A-Z][A-Z0-9_]*@@?(?!\w)"
    r"|\[[A-Z][A-Z0-9_ ]+\]"
)
_MASKED = re.compile(r"(?<![\w.])(?=[\d.]*[xX])(?:\d{1,3}|[xX]{1,3})(?:\.(?:\d{1,3}|[xX]{1,3})){3}(?!\w)")
_BRACED = re.compile(r"\{[A-Za-z_][\w.]*\}")
_DOLLAR = re.compile(r"\$[A-Za-z_]\w*")
_SHOUTED = re.compile(
    r"(?<![\w$.-])(?:(?:YOUR|MY|EXTERNAL|INTERNAL|SERVER|PUBLIC|PRIVATE)[_-][A-Z0-9_-]+|IP\d*(?:_[A-Z0-9]+)*|[A-Z0-9]+(?:_[A-Z0-9]+)*_(?:IP|HOST|HOSTNAME|DOMAIN|PASS|PASSWORD|USER|USERNAME|PORT|KEY|ADDRESS)\d*|(?:SERVER|MAIN)?(?:IP|HOSTNAME|DOMAIN)(?:ADDRESS)?\d*)(?![\w-])"
)
_OWN = frozenset(
    {"{sparkpost}", "{bounce}", "{default}", "{auth}", "{pickup}", "{vault}", "{gmimprinter}", "{selector}", "{domain}"}
)
_MACROS = frozenset({"domain", "relay-domain", "domain-key", "domain-macro", "command", "file-destination", "queue-to"})
_NAMES = frozenset({"source", "default-virtual-mta"})
_ADDRESSED = frozenset({"smtp-source-host", "smtp-listener", "http-access", "name-server", "dummy-smtp-ip"})


def placeholders(config: Config) -> list[Statement]:
    """The settings and tags that hold one."""
    if "placeholders" not in config.memo:
        config.memo["placeholders"] = _found(config)
    found: list[Statement] = config.memo["placeholders"]
    return found


def _found(config: Config) -> list[Statement]:
    places = sorted(place for sign in _SIGNS for place in _places(config.text, sign))
    if not places:
        return []
    statements = config.tree.statements
    starts = [one.start for one in statements]
    met = (statements[number] for number in dict.fromkeys(bisect_right(starts, place) - 1 for place in places))
    wrong = {id(one) for one in config.misfits["wrong"]}
    return [one for one in met if one.kind in (DIRECTIVE, OPEN, CLOSE) and holds_one(one, is_wrong=id(one) in wrong)]


def _places(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)


def holds_one(one: Statement, *, is_wrong: bool) -> bool:
    """Whether a statement does; `is_wrong`: its value is not of its form, so that capitals may stand for one."""
    written = one.value if one.key == REGEX_NAME else f"{one.name} {one.value}"
    if _SURE.search(written) and not _is_pattern(one):
        return True
    if _is_pattern(one):
        return "{{" in written or "{%" in written or "<%" in written
    return _is_masked(one, written) or _is_braced(one, written) or _is_shouted(one, is_wrong=is_wrong)


def _is_pattern(one: Statement) -> bool:
    return one.key == REGEX_NAME or (one.kind == DIRECTIVE and one.value[:1] == "/" and one.value.count("/") > 1)


def _is_masked(one: Statement, written: str) -> bool:
    """An address whose numbers were crossed out, or a variable where no macro may stand."""
    if _MASKED.search(written):
        return True
    return one.key not in _MACROS and bool(_DOLLAR.search(written))


def _is_braced(one: Statement, written: str) -> bool:
    if one.key in _NAMES or "source={" in written.lower():
        return False
    return any(found.lower() not in _OWN for found in _BRACED.findall(written))


def _is_shouted(one: Statement, *, is_wrong: bool) -> bool:
    asked = is_wrong or (one.key in _ADDRESSED and one.kind == DIRECTIVE) or (one.key == "source" and one.kind == OPEN)
    return asked and bool(_SHOUTED.search(one.value))
