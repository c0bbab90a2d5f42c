"""The guide does not know this setting.

PowerMTA does not load a config with a setting that it does not know: "Parse error in line 44 ...: unknown
directive". The catalogue covers 5.0 and what public configs for older releases hold. No guide of 5.5 or 6.0 is
public, so with --target-version 5.5 or 6.0 this is a warning.

Bad:
    <domain gmail.com>
        max-smpt-out 10
    </domain>

Good:
    <domain gmail.com>
        max-smtp-out 10
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3 (which lists every setting) and 6.3.40; pmtad's message as users report it
"""

import re
from itertools import pairwise

from commands.pmta.findings.model import DOCUMENTED, ERROR, INFERRED, WARNING
from commands.pmta.findings.rule import Problem, Problems, at_name, renamed
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import DIRECTIVES, GLOBAL, TAGS, directive
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import in_braces, kind_of
from commands.pmta.language.lists import FIELDS
from commands.pmta.language.names import INVENTED, RELAYING, directives_like, is_slip
from commands.pmta.language.tree import Statement
from commands.pmta.language.values import misfit
from commands.pmta.language.words import is_pattern

CODE = "PMTA201"
NAME = "unknown-directive"
SEVERITY = ERROR
BASIS = DOCUMENTED
_NOT = "{name|This setting} is not in the 5.0 guide"
SAYS = {
    "line": Saying("PowerMTA does not know this line: it begins with no setting of the 5.0 guide."),
    "alone": Saying(f"{_NOT}: PowerMTA does not load a setting that it does not know."),
    "near": Saying(f"{_NOT}. Did you mean {{near}}?", "{first}"),
    "fields": Saying(
        "This lists fields of a record, but record-fields and its record type are missing in front of it.",
        "record-fields {record} {fields}",
    ),
    "postfix": Saying("This is a setting of Postfix, which PowerMTA does not know."),
    "kumomta": Saying("This is Lua, as KumoMTA has it. PowerMTA does not know it."),
    "newer": Saying("{name|This setting} is not in the 5.0 guide, the latest that is public. {release} may know it."),
}

LISTS_OF_PATTERNS = ("smtp-pattern-list", "pattern-list", "bounce-category-patterns")
_NAME = re.compile(r"[A-Za-z][\w-]{1,40}")
_POSTFIX = re.compile(
    r"(?:smtpd?|virtual|local|relay|default|mailbox|mynetworks|mydestination|milter|tls)_[a-z_]+|my(?:origin|hostname|domain|networks|destination)"
)
_KUMOMTA = re.compile(r"(?:kumo|msg|require)[.:(]|(?:local|function|end)\Z")


def check(config: Config) -> Problems:
    for name in config.names:
        if name in DIRECTIVES or name in INVENTED:
            continue
        for one in config.named(name):
            if not kind_of(one) and not _is_excused(config, one):
                yield _newer(config, one) if config.is_newer else _problem(one)


def _is_excused(config: Config, one: Statement) -> bool:
    """Settings of an unknown stanza are its own affair, and a tag written without brackets has its rule."""
    continued = config.text[max(0, one.start - 3) : one.start].rstrip().endswith("\\")
    unknown = one.scope not in TAGS and one.scope != GLOBAL
    return (
        continued
        or unknown
        or _is_rest_of_pattern(config, one)
        or one.name.startswith(("<", "[email"))
        or in_braces(config, one)
    )


def _is_rest_of_pattern(config: Config, one: Statement) -> bool:
    """What stands below a pattern that was broken off is said with it."""
    if one.scope not in LISTS_OF_PATTERNS:
        return False
    if "rests" not in config.memo:
        config.memo["rests"] = {
            id(below)
            for block in config.tagged(*LISTS_OF_PATTERNS)
            for above, below in pairwise(block.settings)
            if above.word(0).startswith("/") and not is_pattern(above.word(0))
        }
    return id(one) in config.memo["rests"]


def _newer(config: Config, one: Statement) -> Problem:
    return at_name(one, "newer", name=one.name, release=Own(config.version), severity=WARNING, basis=INFERRED)


def _problem(one: Statement) -> Problem:
    if fields := _fields(one):
        record = one.block.value("records").partition(",")[0].strip('" ') or "d"
        return at_name(one, "fields", record=record, fields=fields)
    for which, pattern in (("postfix", _POSTFIX), ("kumomta", _KUMOMTA)):
        if pattern.match(one.key):
            return at_name(one, which)
    near = directives_like(one.key, one.scope)
    if not near:
        return at_name(one, "alone" if _NAME.fullmatch(one.name) else "line", name=one.name)
    edits = renamed(one, near[0]) if len(near) == 1 and _is_certain(one, near[0]) else ()
    return at_name(one, "near", name=one.name, near=Own(" or ".join(near)), first=Own(near[0]), edits=edits)


def _is_certain(one: Statement, known: str) -> bool:
    """A slip of one key, and what follows is a value of the setting that is meant."""
    row = directive(known, one.scope)
    fits = row is not None and known not in RELAYING and misfit(known, row.form, one.value) is None
    return fits and is_slip(one.key, known)


def _fields(one: Statement) -> str:
    """A list of an accounting record's fields, or ""."""
    listed = f"{one.name} {one.value}".strip() if one.scope == "acct-file" else ""
    names = [name.strip().lower() for name in listed.split(",")]
    return listed if len(names) > 1 and all(name in FIELDS for name in names) else ""
