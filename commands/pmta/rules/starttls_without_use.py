"""require-starttls is ignored, because use-starttls is off.

require-starttls only matters while PowerMTA uses STARTTLS. With use-starttls no the mail goes out in the
clear, whatever require-starttls says.

Bad:
    <domain gmail.com>
        use-starttls no
        require-starttls yes
    </domain>

Good:
    <domain gmail.com>
        use-starttls yes
        require-starttls yes
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.95.2
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA304"
NAME = "require-starttls-ignored"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Ignored because use-starttls is off: the mail goes out in the clear.", "use-starttls yes")


def check(config: Config) -> Problems:
    for one in config.placed("require-starttls", "domain"):
        if one.block.is_on("require-starttls") and config.effective(one.block, "use-starttls", "yes") in (
            "no",
            "false",
        ):
            yield at_name(one)
