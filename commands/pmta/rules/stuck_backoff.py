"""A queue goes into backoff mode and nothing brings it back.

backoff-to-normal-after is never by default. A list with mode=backoff and neither a time, a delivery that ends
it, nor a mode=normal leaves the queue slow until somebody sets it back by hand or restarts PowerMTA.

Bad:
    <smtp-pattern-list blocks>
        reply /too many connections/ mode=backoff
    </smtp-pattern-list>
    <domain gmail.com>
        smtp-pattern-list blocks
    </domain>

Good:
    <smtp-pattern-list blocks>
        reply /too many connections/ mode=backoff
    </smtp-pattern-list>
    <domain gmail.com>
        smtp-pattern-list blocks
        backoff-to-normal-after 1h
    </domain>

Source: PowerMTA 5.0 User's Guide, 3.3.10.45 and 3.3.15
"""

from commands.pmta.findings.model import DOCUMENTED, WARNING
from commands.pmta.findings.rule import Problems, at_name
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.lists import actions
from commands.pmta.language.tree import Block, Statement
from commands.pmta.language.words import bare

CODE = "PMTA501"
NAME = "stuck-backoff"
SEVERITY = WARNING
BASIS = DOCUMENTED
SAYS = Saying(
    "Line {line} sends this queue into backoff mode, and nothing brings it back.", "backoff-to-normal-after 1h"
)


def check(config: Config) -> Problems:
    lists = {block.argument.lower(): block for block in config.tagged("smtp-pattern-list")}
    for one in config.placed("smtp-pattern-list", "domain"):
        block = lists.get(bare(one.value).lower())
        if block is None or block.has("include") or config.has("include"):
            continue
        entering = _entering(block)
        if entering and not _leaves(config, one.block):
            yield at_name(one, line=entering.line)


def _entering(block: Block) -> Statement | None:
    """The line that enters backoff mode, when no line of the list leaves it."""
    entering = None
    for one in block.all("reply"):
        found = actions(" ".join(word.text for word in one.words[1:]))
        if ("mode", "normal") in found or any(name == "backoff-to-normal-after" for name, _ in found):
            return None
        if ("mode", "backoff") in found and entering is None:
            entering = one
    return entering


def _leaves(config: Config, block: Block) -> bool:
    timed = config.effective(block, "backoff-to-normal-after", "never")
    delivered = config.effective(block, "backoff-to-normal-after-delivery", "no")
    return timed != "never" or delivered in ("yes", "true") or _is_set_below(config, block)


def _is_set_below(config: Config, block: Block) -> bool:
    names = ("backoff-to-normal-after", "backoff-to-normal-after-delivery")
    return any(not block.has(name) and config.below(block, name) for name in names)
