"""process-x-dkim-key is ignored, because process-x-dkim-options is off.

The key from the header is used only together with the options from the header.

Bad:
    <source 127.0.0.1>
        process-x-dkim-key yes
    </source>

Good:
    <source 127.0.0.1>
        process-x-dkim-options yes
        process-x-dkim-key yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.42
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config

CODE = "PMTA313"
NAME = "dkim-key-ignored"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("Ignored because process-x-dkim-options is off.", "process-x-dkim-options yes")


def check(config: Config) -> Problems:
    for one in config.placed("process-x-dkim-key", "source"):
        off = config.effective(one.block, "process-x-dkim-options", "no") in ("no", "false")
        if one.block.is_on("process-x-dkim-key") and off:
            yield at_name(one)
