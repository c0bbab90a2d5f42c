"""An http-access line never matches, because a line above covers it.

The first line that covers the address decides. A line behind one for the same or a larger network is dead.

Bad:
    http-access 0/0 none
    http-access 10.0.0.5 admin

Good:
    http-access 10.0.0.5 admin
    http-access 0/0 none

Source: PowerMTA 5.0 User's Guide, 3.3.1.46.3
"""

from collections.abc import Mapping

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_value
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import Network, network
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import bare

CODE = "PMTA317"
NAME = "dead-http-access"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying("Never reached: line {line} covers {network|this network} already.", "Move it above {above|that line}.")


def check(config: Config) -> Problems:
    seen: dict[Network, Statement] = {}
    lengths: set[int] = set()
    for one in config.named("http-access"):
        found = network(bare(one.word(0)))
        if found is None:
            continue
        above = _above(found, seen, lengths)
        if above is not None:
            yield at_value(
                one,
                line=above.line,
                network=one.word(0),
                above=above.word(0),
            )
        seen.setdefault(found, one)
        lengths.add(found.prefixlen)


def _above(found: Network, seen: Mapping[Network, Statement], lengths: set[int]) -> Statement | None:
    """The first line above that covers this network: one look for each length of a prefix."""
    wider = (found.supernet(new_prefix=length) for length in lengths if length <= found.prefixlen)
    lines = [seen[one] for one in wider if one in seen]
    return min(lines, key=lambda one: one.line, default=None)
