"""Passwords may be guessed without limit.

smtp-max-auth-failure-rate is unlimited by default. On a source that everybody reaches, robots try passwords
all day.

Bad:
    <source 0/0>
        require-auth yes
        allow-starttls yes
        require-starttls-before-auth yes
    </source>

Good:
    <source 0/0>
        require-auth yes
        allow-starttls yes
        require-starttls-before-auth yes
        smtp-max-auth-failure-rate 10/min
    </source>

Source: PowerMTA 5.0 User's Guide, 3.3.7.7
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import UNLIMITED, network, per_second

CODE = "PMTA424"
NAME = "endless-guessing"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("Failed logins are not limited here.", "smtp-max-auth-failure-rate 10/min")


def check(config: Config) -> Problems:
    for one in config.placed("require-auth", "source"):
        found = network(one.block.argument)
        if not one.block.is_on("require-auth") or found is None or found.prefixlen:
            continue
        if per_second(config.effective(one.block, "smtp-max-auth-failure-rate", "unlimited")) == UNLIMITED:
            yield at_name(one)
