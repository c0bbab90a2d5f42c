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

from commands.pmta.config import Config
from commands.pmta.model import DOCUMENTED, WARNING
from commands.pmta.quantities import Network, contains, network
from commands.pmta.rule import Problems, at_value
from commands.pmta.tree import Statement
from commands.pmta.words import bare

CODE = "PMTA317"
NAME = "dead-http-access"
SEVERITY = WARNING
BASIS = DOCUMENTED


def check(config: Config) -> Problems:
    seen: list[tuple[Statement, Network]] = []
    for one in config.named("http-access"):
        found = network(bare(one.word(0)))
        if found is None:
            continue
        above = next((line for line, other in seen if contains(other, found)), None)
        if above is not None:
            yield at_value(
                one,
                f"Never reached: line {above.line} covers {one.word(0)[:40]} already.",
                f"Move it above {above.word(0)[:40]}.",
            )
        if len(seen) < 200:
            seen.append((one, found))
