"""Message content or credentials are written into the log.

log-data writes what the messages say, log-commands the whole dialogue, in which a login can be read. Switch
them on for a single address and a short time.

Bad:
    <source 0/0>
        log-data yes
    </source>

Good:
    <source 10.0.5.20>
        log-connections yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.61 and 3.3.7.62
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA412"
NAME = "content-log"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = {
    "content": Saying("Message content goes into the log.", "{name} no"),
    "dialogue": Saying("Every command of a client goes into the log.", "log-commands no"),
}


def check(config: Config) -> Problems:
    for one in config.named("log-data", "http-log-data"):
        if bare(one.word(0)).lower() in ("yes", "true"):
            yield at_name(one, "content", name=one.key)
    for one in config.placed("log-commands", "source"):
        if bare(one.word(0)).lower() in ("yes", "true") and config.effective(one.block, "allow-auth", "yes") in (
            "yes",
            "true",
        ):
            yield at_name(one, "dialogue", severity=NOTICE)
