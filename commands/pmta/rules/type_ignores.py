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

from commands.pmta.config import Config
from commands.pmta.model import DOCUMENTED, NOTICE
from commands.pmta.patterns import covers
from commands.pmta.rule import Problems, at_name
from commands.pmta.tree import Block

CODE = "PMTA309"
NAME = "type-ignores"
SEVERITY = NOTICE
BASIS = DOCUMENTED

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
            if found != wanted and not _is_below(config, one.block, wanted):
                yield at_name(one, f"Ignored because the type here is {found}.", f"type {wanted}")


def _is_below(config: Config, block: Block, wanted: str) -> bool:
    """A more specific <domain> of the wanted type may inherit the setting."""
    found = (one for one in config.named("type") if one.value.lower() == wanted)
    return any(one.block.tag == "domain" and covers(block.argument, one.block.argument) for one in found)
