"""A domain-macro contains itself.

Macros may name other macros, but not in a circle: PowerMTA does not load such a config.

Bad:
    domain-macro all $big,example.com
    domain-macro big $all,gmail.com

Good:
    domain-macro big gmail.com,yahoo.com
    domain-macro all $big,example.com

Source: PowerMTA 5.0 User's Guide, 3.3.1.43.4
"""

import re

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA217"
NAME = "macro-loop"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("The macro {name|in this line} contains itself.")

_USE = re.compile(r"\$(\w+)")


def check(config: Config) -> Problems:
    macros = {one.word(0).lower(): one for one in config.named("domain-macro") if one.words}
    uses = {name: [found.lower() for found in _USE.findall(one.value)] for name, one in macros.items()}
    for name in _looping(uses):
        yield at_word(macros[name], 0, name=name)


def _looping(uses: dict[str, list[str]]) -> list[str]:
    """The names that are left when everything that depends on nothing has been taken away, and lead to themselves."""
    waiting = {name: {used for used in found if used in uses} for name, found in uses.items()}
    users: dict[str, list[str]] = {name: [] for name in uses}
    for name, found in waiting.items():
        for used in found:
            users[used].append(name)
    ready = [name for name, found in waiting.items() if not found]
    while ready:
        done = ready.pop()
        for name in users[done]:
            waiting[name].discard(done)
            if not waiting[name]:
                ready.append(name)
    return [name for name, found in waiting.items() if found and any(waiting[used] for used in found)]
