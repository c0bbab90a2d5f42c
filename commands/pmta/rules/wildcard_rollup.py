"""A wildcard MX is rolled up, and nothing says where the mail goes.

For an MX with a * PowerMTA cannot tell the hosts. It needs rollup-by-ip, or a <domain> for the rollup with
smtp-hosts.

Bad:
    <mx-rollup-list>
        mx *.google.com google.rollup
    </mx-rollup-list>
    <domain google.rollup>
        max-smtp-out 20
    </domain>

Good:
    <mx-rollup-list>
        mx *.google.com google.rollup
    </mx-rollup-list>
    <domain google.rollup>
        smtp-hosts lookup-mx:gmail.com
        max-smtp-out 20
    </domain>

Source: PowerMTA 5.0 User's Guide (2019 ed.), 10.17
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import HOSTS
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA329"
NAME = "wildcard-rollup"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("{queue|The queue} needs smtp-hosts, or this line rollup-by-ip.", "{line} rollup-by-ip")


def check(config: Config) -> Problems:
    named = {block.argument.lower() for block in config.tagged("domain")}
    for one in config.placed("mx", "mx-rollup-list"):
        queue = bare(one.word(1)).lower()
        if "*" not in one.word(0) or one.word(2) or not queue or any(config.covering(queue, hosts) for hosts in HOSTS):
            continue
        if queue in named or not config.partial:
            yield at_word(one, 0, queue=queue, line=one.value)
