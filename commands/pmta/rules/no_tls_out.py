"""Mail goes out without TLS.

use-starttls is on by default, and nearly every receiver offers TLS. Google asks senders of bulk mail
for it.

Bad:
    <domain *>
        use-starttls no
    </domain>

Good:
    <domain *>
        use-starttls yes
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.95.1; Google's sender requirements (2024); RFC 7435
"""

import re

from commands.pmta.findings.model import DOCUMENTED, NOTICE, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import HOSTS
from commands.pmta.language.config import Config
from commands.pmta.language.lists import endpoint
from commands.pmta.language.quantities import network
from commands.pmta.language.tree import Block
from commands.pmta.language.words import bare

CODE = "PMTA510"
NAME = "no-tls-out"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Mail for {domain|this domain} goes out unencrypted.", "use-starttls yes")

_SEPARATOR = re.compile(r"[,;]")


def check(config: Config) -> Problems:
    for one in config.placed("use-starttls", "domain"):
        if bare(one.word(0)).lower() in ("no", "false") and not _is_inside(config, one.block):
            chosen = one.block.argument != "*" or config.is_hosted(one.block)  # somebody knows that receiver
            yield at_name(
                one,
                domain=one.block.argument,
                severity=NOTICE if chosen else "",
            )


def _is_inside(config: Config, block: Block) -> bool:
    """True where the mail stays in our own network: every host is a private address."""
    values = [bare(one.value) for name in HOSTS for one in config.inherited(block, name)]
    hosts = [endpoint(host.strip()) for value in values[-1:] for host in _SEPARATOR.split(value)]
    return bool(hosts) and all(found is not None and _is_private(found[1]) for found in hosts)


def _is_private(host: str) -> bool:
    found = network(host)
    return found is not None and (found.is_private or found.is_loopback)
