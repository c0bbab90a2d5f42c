"""cold-virtual-mta is given an address and a host name.

That form went with 4.5. It takes the name of a VirtualMTA, which holds the cold addresses.

Bad:
    <virtual-mta mta1>
        cold-virtual-mta 203.0.113.9 mta9.example.com
    </virtual-mta>

Good:
    <virtual-mta mta9>
        smtp-source-host 203.0.113.9 mta9.example.com
    </virtual-mta>
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
        cold-virtual-mta mta9
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.3.12.4
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import network
from commands.pmta.language.words import bare

CODE = "PMTA609"
NAME = "cold-host-form"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("This form went with 4.5: name a VirtualMTA.", "cold-virtual-mta NAME")


def check(config: Config) -> Problems:
    for one in config.named("cold-virtual-mta"):
        if config.version >= "4.5" and len(one.words) == 2 and network(bare(one.word(0))) is not None:
            yield at_value(one)
