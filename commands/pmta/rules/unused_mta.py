"""A VirtualMTA is defined and nothing can choose it.

No source, pool, pattern or reroute names it, and no source lets messages choose with the X-Virtual-MTA
header.

Bad:
    # whole file
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>

Good:
    # whole file
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>
    <source 0/0>
        default-virtual-mta mta1
    </source>

Source: PowerMTA 5.0 User's Guide, 9.4
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.references import MTA, defined, used
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA713"
NAME = "unused-virtual-mta"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = Saying("Nothing here sends mail over this.", "default-virtual-mta in a <source>, or a pool")

# Each lets a message or an API choose by name.
_CHOOSERS = ("process-x-virtual-mta", "allow-mailmerge", "pickup")


def check(config: Config) -> Problems:
    chosen = any(config.has(name) for name in _CHOOSERS) or any(config.tagged("transmissions-api"))
    by_address = any("by-smtp-source-ip" in one.value.lower() for one in config.named("default-virtual-mta"))
    if config.partial or chosen or by_address:
        return
    names = used(config, MTA)
    for name, opening in defined(config)[MTA].items():
        if name not in names:
            yield at_name(opening)
