"""A pool has the name of a VirtualMTA.

VirtualMTAs and pools share one name space. PowerMTA rejects a pool whose name is taken.

Bad:
    <virtual-mta bulk>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>
    <virtual-mta-pool bulk>
        virtual-mta bulk
    </virtual-mta-pool>

Good:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>
    <virtual-mta-pool bulk>
        virtual-mta mta1
    </virtual-mta-pool>

Source: PowerMTA 5.0 User's Guide (2019 ed.), 8.3
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA706"
NAME = "pool-name"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("The VirtualMTA in line {line} has this name.", "another name")


def check(config: Config) -> Problems:
    single = {block.argument: block.opening for block in config.tagged("virtual-mta") if block.argument}
    for block in config.tagged("virtual-mta-pool"):
        other = single.get(block.argument)
        if other and block.opening:
            yield at_name(block.opening, line=other.line)
