"""Two VirtualMTAs send from one address.

That is allowed, and some use it for streams of mail that share a reputation. Limits are counted for each VirtualMTA,
though, so that receivers see the sum of both; and after copy and paste it is often the wrong address.

Bad:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>
    <virtual-mta mta2>
        smtp-source-host 203.0.113.5 mta2.example.com
    </virtual-mta>

Good:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>
    <virtual-mta mta2>
        smtp-source-host 203.0.113.6 mta2.example.com
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.3.12.1 and 9.2
"""

from commands.pmta.findings.model import INFERRED, NOTICE
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import is_address
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import bare

CODE = "PMTA715"
NAME = "shared-address"
SEVERITY = NOTICE
BASIS = INFERRED
SAYS = {
    "one": Saying("The VirtualMTA of line {line} sends from this address, too."),
    "many": Saying("{count} other VirtualMTAs send from this address, too, the first in line {line}."),
}


def check(config: Config) -> Problems:
    for first, *others in _by_address(config).values():
        which = "many" if len(others) > 1 else "one"
        yield at_word(others[-1], 0, which, count=len(others), line=first.line)


def _by_address(config: Config) -> dict[str, list[Statement]]:
    """The lines that name each address that several have, one for each VirtualMTA."""
    found: dict[str, dict[str, Statement]] = {}
    for one in config.placed("smtp-source-host", "virtual-mta"):
        found.setdefault(bare(one.word(0)).lower(), {}).setdefault(bare(one.block.argument).lower(), one)
    return {address: [*lines.values()] for address, lines in found.items() if len(lines) > 1 and is_address(address)}
