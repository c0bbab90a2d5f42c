"""A VirtualMTA or pool is named that does not exist.

Messages for a VirtualMTA that is missing at delivery bounce with 5.3.5. In a pasted piece the finding is
about likely typing mistakes only.

Bad:
    # whole file
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>
    <source 0/0>
        default-virtual-mta mta2
    </source>

Good:
    # whole file
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>
    <source 0/0>
        default-virtual-mta mta1
    </source>

Source: PowerMTA 5.0 User's Guide, 9.4; (2019 ed.) 8.5.2
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.references import MISSING, MTA, missing_names
from commands.pmta.findings.rule import Problems
from commands.pmta.language.config import Config

CODE = "PMTA701"
NAME = "undefined-virtual-mta"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = MISSING


def check(config: Config) -> Problems:
    yield from missing_names(config, MTA, "VirtualMTA or pool")
