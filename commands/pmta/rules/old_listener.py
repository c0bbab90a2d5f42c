"""smtp-ip and smtp-port are ignored, because there is an smtp-listener.

With any smtp-listener in the config the two older settings do nothing.

Bad:
    smtp-port 2525
    smtp-listener 0/0:25

Good:
    smtp-listener 0/0:25
    smtp-listener 0/0:2525

Source: PowerMTA 5.0 User's Guide, 3.3.1.24
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying, count
from commands.pmta.language.config import Config

CODE = "PMTA316"
NAME = "old-listener-ignored"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = {
    "address": Saying("Ignored because there is an smtp-listener.", "Remove the line."),
    "port": Saying("Ignored because there is an smtp-listener.", "smtp-listener 0/0:{port}"),
}


def check(config: Config) -> Problems:
    if not config.has("smtp-listener"):
        return
    for one in config.placed("smtp-ip", "global"):
        yield at_name(one, "address")
    for one in config.placed("smtp-port", "global"):
        yield at_name(one, "port", port=count(one.value[:5]))
