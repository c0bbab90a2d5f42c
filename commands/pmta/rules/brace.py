"""A stanza is written with braces.

PowerMTA groups settings with tags: <name argument> ... </name>. Blocks in braces come from other servers, and
from pages that were written by machines.

Bad:
    smtp-listener 0/0:25 {
        tls-allow-tlsv1 no
    }

Good:
    <smtp-listener 0/0:25>
        tls-allow-tlsv1 no
    </smtp-listener>

Source: PowerMTA 5.0 User's Guide, 3.1
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import foreign, in_braces

CODE = "PMTA116"
NAME = "brace"
SEVERITY = ERROR
BASIS = DOCUMENTED
_NO_BRACES = "PowerMTA does not know blocks in braces."
SAYS = {
    "": Saying(_NO_BRACES, "<name argument> and </name> on their own lines"),
    "patterns": Saying(
        f"{_NO_BRACES} Each line of this list is a pattern between slashes and what follows from it.",
        "<{tag|...} {name|NAME}> with lines such as {example}, and </{tag}>",
    ),
}

_LINES = {
    "smtp-pattern-list": "reply /too many connections/ mode=backoff",
    "pattern-list": "mail-from /@news/ virtual-mta=NAME",
    "bounce-category-patterns": "/user unknown/ bad-mailbox",
}


def check(config: Config) -> Problems:
    for one in foreign(config, "brace"):
        if one.name == "}" and in_braces(config, one):
            continue
        line = _LINES.get(one.key, "")
        name = one.value.rstrip("{ ")
        yield at_name(one, "patterns" if line else "", tag=one.key, name=name, example=Own(line))
