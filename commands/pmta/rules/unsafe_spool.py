"""Mail may be lost or sent twice when the machine crashes.

sync-msg-create no and sync-msg-update no come from old samples. They trade safety for speed, and the 5.0
guide does not have them any more.

Bad:
    sync-msg-create no

Good:
    <spool /var/spool/pmta>
        deliver-only no
    </spool>

Source: PowerMTA 5.0 User's Guide, 3.3 (which does not list them); seen in public configs
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA610"
NAME = "unsafe-spool"
SEVERITY = NOTICE
BASIS = INFERRED
ONCE = True
SAYS = {
    "sync-msg-create": Saying("A crash can lose mail that was accepted.{also|}", "Remove the line."),
    "sync-msg-update": Saying("After a crash mail can be sent twice.{also|}", "Remove the line."),
}


def check(config: Config) -> Problems:
    for name in SAYS:
        for one in config.named(name):
            if bare(one.word(0)).lower() in ("no", "false"):
                yield at_name(one, name)
