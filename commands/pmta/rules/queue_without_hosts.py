"""queue-to names a queue that has no smtp-hosts.

A made-up queue name has no MX. The mail in it is delivered only when a <domain> of that name says where, with
smtp-hosts (route, before 4.5). One inside the same VirtualMTA or pool counts there.

Bad:
    <domain hotmail.com>
        queue-to microsoft.queue
    </domain>
    <domain microsoft.queue>
        max-smtp-out 10
    </domain>

Good:
    <domain hotmail.com>
        queue-to microsoft.queue
    </domain>
    <domain microsoft.queue>
        smtp-hosts lookup-mx:hotmail.com
        max-smtp-out 10
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.31
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import HOSTS
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA311"
NAME = "queue-without-hosts"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("The queue {name|named here} has no smtp-hosts, so its mail goes nowhere.", "smtp-hosts ...")


def check(config: Config) -> Problems:
    named = {block.argument.lower() for block in config.tagged("domain")}
    for one in config.placed("queue-to", "domain"):
        name = bare(one.value).lower()
        if not name.endswith(".queue") or any(config.covering(name, hosts, one.block) for hosts in HOSTS):
            continue
        if name in named or not config.partial:
            yield at_value(one, name=name)
