"""Mail that matched nothing is to be forwarded, but not delivered.

forward-unmatched-to needs deliver-unmatched-email true. The default would be, as long as forward-unmatched-to
is not set.

Bad:
    <bounce-processor>
        forward-unmatched-to desk@example.com
        deliver-unmatched-email no
    </bounce-processor>

Good:
    <bounce-processor>
        forward-unmatched-to desk@example.com
        deliver-unmatched-email yes
    </bounce-processor>

Source: PowerMTA 5.0 User's Guide, 3.3.3.1 and 3.3.3.4
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA314"
NAME = "unmatched-forward"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Nothing is forwarded: deliver-unmatched-email is off.", "deliver-unmatched-email yes")


def check(config: Config) -> Problems:
    for one in config.named("forward-unmatched-to"):
        if one.block.is_off("deliver-unmatched-email"):
            yield at_name(one)
