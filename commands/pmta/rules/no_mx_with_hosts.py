"""bounce-upon-no-mx is ignored, because smtp-hosts is set.

With smtp-hosts PowerMTA looks up no MX, so it never misses one.

Bad:
    <domain relay.queue>
        smtp-hosts relay.example.com
        bounce-upon-no-mx yes
    </domain>

Good:
    <domain relay.queue>
        smtp-hosts relay.example.com
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.61
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA310"
NAME = "no-mx-ignored"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("Ignored because smtp-hosts is set, so no MX is looked up.", "Remove the line.")


def check(config: Config) -> Problems:
    for one in config.placed("bounce-upon-no-mx", "domain"):
        if bare(one.block.value("smtp-hosts")) and not one.block.is_off("bounce-upon-no-mx"):
            yield at_name(one)
