"""A VirtualMTA sends its mail on to itself.

PowerMTA ignores such a line silently.

Bad:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
        <domain gmail.com>
            reroute-to-virtual-mta mta1
        </domain>
    </virtual-mta>

Good:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
        <domain gmail.com>
            reroute-to-virtual-mta mta2
        </domain>
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.3.10.50
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA708"
NAME = "self-reroute"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("This VirtualMTA would send to itself, so the line is ignored.", "another VirtualMTA")


def check(config: Config) -> Problems:
    for one in config.named("reroute-to-virtual-mta", "backoff-reroute-to-virtual-mta"):
        owner = one.block.parent
        if owner and owner.tag == "virtual-mta" and bare(one.word(0)) == bare(owner.argument) != "":
            yield at_value(one)
