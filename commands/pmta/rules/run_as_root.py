"""PowerMTA runs as root.

It needs root to open port 25 only. Running as its own user afterwards keeps a fault in it from giving the
whole machine away. A change needs a restart, and the spool and log directories have to belong to that user.

Bad:
    run-as-root yes

Good:
    run-as-root no

Source: PowerMTA 5.0 User's Guide, 3.3.1.8
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA406"
NAME = "run-as-root"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("PowerMTA keeps root's rights while it runs.", "run-as-root no")


def check(config: Config) -> Problems:
    for one in config.placed("run-as-root", "global"):
        if bare(one.word(0)).lower() in ("yes", "true"):
            yield at_name(one)
