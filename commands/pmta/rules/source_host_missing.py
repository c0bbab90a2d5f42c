"""A VirtualMTA has no smtp-source-host.

It then sends from the global addresses, like every other VirtualMTA without its own. The guide advises at
least one address for each.

Bad:
    <virtual-mta mta1>
        domain-key s1,example.com,/etc/pmta/s1.pem
    </virtual-mta>

Good:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
        domain-key s1,example.com,/etc/pmta/s1.pem
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.3.12.6
"""

from commands.pmta.findings.model import DOCUMENTED, NOTICE
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.tree import Block

CODE = "PMTA505"
NAME = "source-host-missing"
SEVERITY = NOTICE
BASIS = DOCUMENTED
SAYS = Saying("No smtp-source-host: it sends from the global addresses.", "smtp-source-host ADDRESS HOSTNAME")

_HAVE_ADDRESS = (
    "smtp-source-host",
    "smtp-proxy-source-host",
    "smtp-source-ip",
    "auto-cold-virtual-mta",
    "include",
    "use-proxy",
)


def check(config: Config) -> Problems:
    for block in config.tagged("virtual-mta"):
        if not any(block.has(name) for name in _HAVE_ADDRESS) and block.opening and _sends(config, block):
            yield at_name(
                block.opening,
            )


def _sends(config: Config, block: Block) -> bool:
    """A VirtualMTA whose queues go to a relay, a pipe or a file needs no address; a piece may lack the line."""
    if config.fragment and not block.named:
        return False
    names = ("smtp-hosts", "type", "queue-to", "reroute-to-virtual-mta", "route")
    return not any(inner.has(name) for inner in block.blocks for name in names)
