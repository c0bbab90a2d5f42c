"""The private DKIM key from the header goes out with the message.

retain-x-dkim-key keeps the header that holds the private key. Every recipient can then sign as the domain.

Bad:
    <source 127.0.0.1>
        process-x-dkim-options yes
        process-x-dkim-key yes
        retain-x-dkim-key yes
    </source>

Good:
    <source 127.0.0.1>
        process-x-dkim-options yes
        process-x-dkim-key yes
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.43
"""

from commands.pmta.findings.model import DANGER, DOCUMENTED
from commands.pmta.findings.rule import Problems, at_name, replaced
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA416"
NAME = "retained-key"
SEVERITY = DANGER
BASIS = DOCUMENTED
SAYS = Saying("The private key is sent to every recipient.", "retain-x-dkim-key no")


def check(config: Config) -> Problems:
    for one in config.placed("retain-x-dkim-key", "source"):
        if bare(one.word(0)).lower() in ("yes", "true"):
            yield at_name(one, edits=replaced(one, "no"))
