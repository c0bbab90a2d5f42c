"""Backoff mode takes the limit away instead of lowering it.

0 and unlimited both mean "no limit" for a rate. In backoff mode, when a receiver has complained, the queue
would send as fast as it can.

Bad:
    <domain gmail.com>
        max-msg-rate 500/h
        backoff-max-msg-rate 0
    </domain>

Good:
    <domain gmail.com>
        max-msg-rate 500/h
        backoff-max-msg-rate 50/h
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.34
"""

from commands.pmta.findings.model import INFERRED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA502"
NAME = "open-backoff"
SEVERITY = WARNING
BASIS = INFERRED
SAYS = {
    "messages": Saying("This is no limit: in backoff mode the queue is not slowed down.", "{name} 50/h"),
    "other": Saying("This is no limit: in backoff mode the queue is not slowed down."),
}

_NAMES = ("backoff-max-msg-rate", "backoff-max-connect-rate", "backoff-max-data-volume-rate")


def check(config: Config) -> Problems:
    for name in _NAMES:
        for one in config.placed(name, "domain"):
            if bare(one.value).lower() in ("0", "unlimited"):
                yield at_value(one, "messages" if "msg" in name else "other", name=name)
