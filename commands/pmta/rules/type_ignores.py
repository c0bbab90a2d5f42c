"""A setting is ignored, because the queue is of another type.

command, file-..., discard-... and http-delivery-... each belong to one type. A queue without a type delivers
with SMTP.

Bad:
    <domain archive.example.com>
        file-destination /var/spool/archive
    </domain>

Good:
    <domain archive.example.com>
        type file
        file-destination /var/spool/archive
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.52 and 3.3.10.96 to 3.3.10.99
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config

CODE = "PMTA309"
NAME = "type-ignores"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("Ignored because the type here is {type|another one}.", "type {wanted}")

_TYPES = frozenset({"smtp", "pipe", "file", "discard", "http-delivery"})
_BELONGS = {
    "command": "pipe",
    "file-format": "file",
    "file-destination": "file",
    "discard-as-bounce": "discard",
    "http-delivery-url": "http-delivery",
    "http-delivery-extra-headers": "http-delivery",
}


def check(config: Config) -> Problems:
    for name, wanted in _BELONGS.items():
        for one in config.placed(name, "domain"):
            found = config.effective(one.block, "type", "smtp")
            if found != wanted and not config.below(one.block, "type"):
                yield at_name(one, type=Own(found) if found in _TYPES else found, wanted=Own(wanted))
