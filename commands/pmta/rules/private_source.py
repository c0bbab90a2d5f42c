"""Mail is sent from a private address.

Such an address reaches the Internet through address translation only. Then the public address must have a PTR
record for the host name that is given here, or receivers refuse the mail. 127.0.0.1 is left out by PowerMTA.

Bad:
    smtp-source-host 192.168.0.10 mail10.example.com

Good:
    smtp-source-host 203.0.113.10 mail10.example.com

Source: RFC 1918; PowerMTA 5.0 User's Guide, 3.3.1.19
"""

import re

from commands.pmta.findings.model import DOCUMENTED, INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.catalogue import HOSTS
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import Network, contains, network
from commands.pmta.language.remembered import remembered
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import bare

CODE = "PMTA512"
NAME = "private-source"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = {
    "loopback": Saying("PowerMTA leaves the loopback address out.", "the address that mail is to be sent from"),
    "private": Saying("A private address: its public address needs a PTR record for {host|the host name}."),
}

_OUTSIDE = re.compile(r"(?!(?:10|100|127|172|192)\.)\d{1,3}(?:\.\d{1,3}){3}", re.ASCII)
"""An address that begins with none of the numbers below: most do."""
_INSIDE = [
    found
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "127.0.0.0/8", "::1")
    if (found := network(text))
]


def check(config: Config) -> Problems:
    for one in config.placed("smtp-source-host", "global"):
        yield from _judge(one)
    for one in config.placed("smtp-source-host", "virtual-mta"):
        relayed = any(block.has(name) for name in HOSTS for block in one.block.blocks)
        if not relayed:
            yield from _judge(one)


@remembered(1024)
def _is_inside(address: Network) -> bool:
    return any(contains(outer, address) for outer in _INSIDE)


def _judge(one: Statement) -> Problems:
    word = bare(one.word(0))
    found = network(word) if not _OUTSIDE.fullmatch(word) else None
    if found is None or not _is_inside(found):
        return
    if found.is_loopback:
        yield at_word(one, 0, "loopback", basis=DOCUMENTED)
    else:
        yield at_word(one, 0, "private", host=one.word(1))
