"""The guide does not know this setting.

PowerMTA refuses a setting that it does not know. The catalogue covers 5.0 and what public configs for older
releases hold; newer releases may know more, so this is a warning.

Bad:
    <domain gmail.com>
        max-smpt-out 10
    </domain>

Good:
    <domain gmail.com>
        max-smtp-out 10
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3
"""

import re

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problem, Problems, at_name, renamed
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import DIRECTIVES, GLOBAL, TAGS, scopes_of
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import kind_of
from commands.pmta.language.names import INVENTED, directives_like
from commands.pmta.language.tree import Statement

CODE = "PMTA201"
NAME = "unknown-directive"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = {
    "line": Saying("This line is not understood: it begins with no setting of the 5.0 guide."),
    "alone": Saying("{name|This setting} is not in the 5.0 guide."),
    "near": Saying("{name|This setting} is not in the 5.0 guide. Did you mean {near}?", "{first}"),
}

_NAME = re.compile(r"[A-Za-z][\w-]{1,40}")


def check(config: Config) -> Problems:
    for name in config.names:
        if name in DIRECTIVES or name in INVENTED:
            continue
        for one in config.named(name):
            if not kind_of(one) and not _is_excused(config, one):
                yield _problem(one)


def _is_excused(config: Config, one: Statement) -> bool:
    """Settings of an unknown stanza are its own affair, and a tag written without brackets has its rule."""
    continued = config.text[max(0, one.start - 3) : one.start].rstrip().endswith("\\")
    return continued or (one.scope not in TAGS and one.scope != GLOBAL) or one.name.startswith(("<", "[email"))


def _problem(one: Statement) -> Problem:
    near = directives_like(one.key, one.scope)
    edits = (
        renamed(one, near[0])
        if len(near) == 1 and one.scope in scopes_of(near[0]) and _is_typo(one.key, near[0])
        else ()
    )
    if not near and not _NAME.fullmatch(one.name):
        return at_name(one, "line")
    if not near:
        return at_name(one, "alone", name=one.name)
    return at_name(one, "near", name=one.name, near=Own(" or ".join(near)), first=Own(near[0]), edits=edits)


def _is_typo(written: str, known: str) -> bool:
    """One swap, or one letter more, less or other."""
    return abs(len(written) - len(known)) <= 1 and sorted(written)[:-1] != [] and _differences(written, known) <= 2


def _differences(written: str, known: str) -> int:
    if len(written) == len(known):
        return sum(a != b for a, b in zip(written, known, strict=True))
    shorter, longer = sorted((written, known), key=len)
    return 1 if any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))) else 9
