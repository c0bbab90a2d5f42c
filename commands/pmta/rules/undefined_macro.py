"""A domain macro is used that does not exist.

Nothing says which domains are meant. Whether PowerMTA refuses such a config is not documented.

Bad:
    # whole file
    domain-macro google gmail.com,googlemail.com
    <domain $gogle>
        max-smtp-out 10
    </domain>

Good:
    # whole file
    domain-macro google gmail.com,googlemail.com
    <domain $google>
        max-smtp-out 10
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.1.43.4
"""

import re

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.names import like
from commands.pmta.language.placeholders import placeholders
from commands.pmta.language.tree import Statement

CODE = "PMTA704"
NAME = "undefined-macro"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = {
    "alone": Saying("There is no domain-macro {name|of this name} here."),
    "near": Saying(
        "There is no domain-macro {name|of this name} here. Did you mean {near|one that is spelled almost alike}?",
        "{near}",
    ),
}

_USE = re.compile(r"\$(\w+)", re.ASCII)


def check(config: Config) -> Problems:
    known = {one.word(0).lower().lstrip("$") for one in config.named("domain-macro")}
    if config.partial and not known:
        return
    names = tuple(sorted(known)[:300])
    for block in config.tagged("domain"):
        yield from _missing(config, block.opening, known, names) if block.opening and "$" in block.argument else ()
    for one in config.named("relay-domain", "domain-key", "domain-macro"):
        yield from _missing(config, one, known, names) if "$" in one.value else ()


def _missing(config: Config, one: Statement, known: set[str], names: tuple[str, ...]) -> Problems:
    for name in _USE.findall(one.value):
        if name.lower() in known:
            continue
        near = like(name.lower(), names)
        if near or not (config.partial or placeholders(config)):
            yield at_value(one, "near" if near else "alone", name=name, near=f"${near}")
