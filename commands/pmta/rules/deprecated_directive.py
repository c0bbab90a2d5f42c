"""A setting is deprecated.

PowerMTA still reads it, and the guide names what has taken its place, where there is something.

Bad:
    <domain example.com>
        delivery-priority 50
    </domain>

Good:
    <domain example.com>
        queue-priority 50
    </domain>

Source: PowerMTA 5.0 User's Guide, the entry of the setting
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name, renamed
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.catalogue import DIRECTIVES, PER_HOUR, directive, place, scopes_of
from commands.pmta.language.config import Config
from commands.pmta.language.tree import Statement

CODE = "PMTA601"
NAME = "deprecated-setting"
SEVERITY = NOTICE
BASIS = DOCUMENTED
ONCE = True
SAYS = {
    "alone": Saying("{name|This setting} is deprecated.{also|}", "{better}"),
    "here": Saying("{name|This setting} is deprecated; {successor} takes its place.{also|}", "{better}"),
    "elsewhere": Saying(
        "{name|This setting} is deprecated; {successor} in {homes} takes its place.{also|}", "{better}"
    ),
}

# The new setting takes the same value.
_SAME_FORM = frozenset({"delivery-priority"})
_FORMS = {"auto-cold-virtual-mta": "cold-virtual-mta NAME, and a <virtual-mta NAME> with this smtp-source-host"}


def check(config: Config) -> Problems:
    for name in config.names:
        for one in config.named(name) if any(row.status == "deprecated" for row in DIRECTIVES.get(name, ())) else ():
            row = directive(name, one.scope)
            if row is None or row.status != "deprecated" or _has_own_rule(config, one):
                continue
            edits = renamed(one, row.instead) if name in _SAME_FORM else ()
            homes = _homes(row.instead, one.scope)
            which = "elsewhere" if homes else "here" if row.instead else "alone"
            words = {"name": one.name, "successor": Own(row.instead), "homes": Own(homes)}
            yield at_name(one, which, better=Own(_better(one, row.instead)), edits=edits, **words)


def _better(one: Statement, successor: str) -> str:
    if one.key in PER_HOUR and one.value.isdigit():
        return f"{successor} {one.value}/h"
    return _FORMS.get(one.key, successor) or "Remove the line."


def _homes(name: str, scope: str) -> str:
    """Where the successor stands, when it is elsewhere: suppress-local-dsn in `<source>`."""
    homes = scopes_of(name)
    return " or ".join(place(home) for home in homes) if scope not in homes else ""


def _has_own_rule(config: Config, one: Statement) -> bool:
    """Whether nothing is to be said here: `route` does to this day what smtp-hosts does."""
    return one.key == "route" or (one.key in ("smtp-ip", "smtp-port") and config.has("smtp-listener"))
