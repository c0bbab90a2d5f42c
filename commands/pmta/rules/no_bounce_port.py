"""Bounces are to be processed, but nothing listens on port 25.

Bounces and feedback reports that come later are delivered to the MX of the return address, on port 25. With
listeners on other ports only, they never arrive.

Bad:
    # whole file
    smtp-listener 0/0:587
    <bounce-processor>
        deliver-unmatched-email no
    </bounce-processor>

Good:
    # whole file
    smtp-listener 0/0:587
    smtp-listener 0/0:25
    <bounce-processor>
        deliver-unmatched-email no
    </bounce-processor>

Source: RFC 5321, section 4.5.4.2; PowerMTA 5.0 User's Guide (2019 ed.), 3.3.3
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import listener
from commands.pmta.language.words import bare

CODE = "PMTA517"
NAME = "no-bounce-port"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = Saying("Nothing listens on port 25, where bounces arrive.", "smtp-listener 0/0:25")


def check(config: Config) -> Problems:
    lines = [listener(bare(one.word(0))) for one in config.placed("smtp-listener", "global")]
    tags = [listener(block.argument) for block in config.tagged("smtp-listener")]
    ports = {found[1] for found in (*lines, *tags) if found}
    if config.partial or not ports or 25 in ports:
        return
    for block in config.tagged("bounce-processor", "feedback-loop-processor"):
        if block.opening:
            yield at_name(block.opening)
            return
