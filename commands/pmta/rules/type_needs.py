r"""A queue type lacks the setting that it needs.

type pipe needs the command that takes the messages, and type http-delivery the URL that they go to.

Bad:
    <domain pipe.example.com>
        type pipe
    </domain>

Good:
    <domain pipe.example.com>
        type pipe
        command "/usr/local/bin/take --to \"$to\""
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.98.1 and 3.3.10.99.1
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config

CODE = "PMTA308"
NAME = "type-needs"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("type {type} needs {name}.", "{name} ...")

_NEEDS = {"pipe": "command", "http-delivery": "http-delivery-url"}


def check(config: Config) -> Problems:
    for one in config.placed("type", "domain"):
        needed = _NEEDS.get(one.value.lower())
        if needed and not config.inherited(one.block, needed) and not config.below(one.block, needed):
            severity = WARNING if config.has("include") else ""
            yield at_value(one, type=Own(one.value), name=needed, severity=severity)
