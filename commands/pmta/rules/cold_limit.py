"""A warm-up limit is ignored, because the VirtualMTA has no cold-virtual-mta.

max-cold-virtual-mta-msg says how many messages a day may take the cold addresses. It acts only in a
VirtualMTA or pool that names its cold-virtual-mta: otherwise there is no warm-up, and everything goes out
over the addresses that were to be spared.

Bad:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
        <domain gmail.com>
            max-cold-virtual-mta-msg 50/day,100/day
        </domain>
    </virtual-mta>

Good:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
        cold-virtual-mta mta1-cold
        <domain gmail.com>
            max-cold-virtual-mta-msg 50/day,100/day
        </domain>
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.3.10.49 and 3.3.12.4
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA303"
NAME = "cold-limit-ignored"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Ignored because nothing here names a cold-virtual-mta.", "cold-virtual-mta NAME in the VirtualMTA")


def check(config: Config) -> Problems:
    anywhere = config.has("cold-virtual-mta")
    for one in config.placed("max-cold-virtual-mta-msg", "domain"):
        owner = one.block.parent
        if anywhere or _is_nothing(one.value) or owner is None:
            continue
        if owner is config.root and config.partial:
            continue
        yield at_name(one)


def _is_nothing(value: str) -> bool:
    return value.startswith("0/")
