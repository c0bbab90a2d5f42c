"""A list of retry times is newer than the release that the config is for.

Lists came with 4.5. Older releases take one time.

Bad:
    # for 4.0
    <domain *>
        retry-after 10m,30m
    </domain>

Good:
    # for 4.0
    <domain *>
        retry-after 10m
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.39; release notes of 4.5
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Own, Saying
from commands.pmta.language.config import Config

CODE = "PMTA606"
NAME = "retry-list"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("PowerMTA {release} takes one time.", "{time}")


def check(config: Config) -> Problems:
    if config.version >= "4.5":
        return
    for one in config.named("retry-after", "backoff-retry-after"):
        if "," in one.value:
            yield at_value(one, release=Own(config.version), time=one.value.split(",")[0])
