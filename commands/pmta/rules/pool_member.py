"""A member of a pool has words behind its name.

The guide knows no weights: a member is the name of a VirtualMTA, and what stands behind it is refused or does
nothing. To send more over one of them, give it a pool of its own.

Bad:
    <virtual-mta-pool bulk>
        virtual-mta mta1 weight 10
        virtual-mta mta2 weight 90
    </virtual-mta-pool>

Good:
    <virtual-mta-pool bulk>
        virtual-mta mta1
        virtual-mta mta2
    </virtual-mta-pool>

Source: PowerMTA 5.0 User's Guide, 3.3.13.1
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA218"
NAME = "pool-member"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = {
    "words": Saying("A pool member is a name and nothing else.", "virtual-mta {name}"),
    "list": Saying("A pool names one VirtualMTA on a line.", "a line for each VirtualMTA"),
}


def check(config: Config) -> Problems:
    for one in config.placed("virtual-mta", "virtual-mta-pool"):
        if len(one.words) > 1 and "," not in one.value:
            yield at_word(one, 1, "words", name=one.word(0))
        elif "," in one.value:
            yield at_value(one, "list")
