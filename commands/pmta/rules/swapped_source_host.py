"""The address and the host name of smtp-source-host have changed places.

The address (or network) comes first, the host name that PowerMTA says in EHLO second.

Bad:
    <virtual-mta mta1>
        smtp-source-host mta1.example.com 203.0.113.5
    </virtual-mta>

Good:
    <virtual-mta mta1>
        smtp-source-host 203.0.113.5 mta1.example.com
    </virtual-mta>

Source: PowerMTA 5.0 User's Guide, 3.3.1.19
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problem, Problems, at_value, at_word, replaced
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.quantities import is_network
from commands.pmta.language.tree import Statement
from commands.pmta.language.values import KINDS
from commands.pmta.language.words import bare

CODE = "PMTA214"
NAME = "swapped-source-host"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "swapped": Saying("The address comes first, then the host name.", "{better}"),
    "sign": Saying("Only blanks stand between address and name.", "{better}"),
    "first": Saying("smtp-source-host begins with an address, not with {word|this}.", "ADDRESS HOSTNAME"),
    "host": Saying("{word|This} is not a host name.", "ADDRESS HOSTNAME"),
    "many": Saying("smtp-source-host takes an address and one host name.", "a line for each address"),
}


def check(config: Config) -> Problems:
    for one in config.named("smtp-source-host"):
        words = [bare(text) for text in one.texts]
        if words and not is_network(words[0]):
            yield _without_address(one, words)
        elif len(words) == 2 and not KINDS["host"].accepts(words[1]):
            yield at_word(one, 1, "host", word=words[1])
        elif len(words) > 2:
            yield at_word(one, 2, "many")


def _without_address(one: Statement, words: list[str]) -> Problem:
    """What is wrong with a value that does not begin with an address."""
    if len(words) == 2 and is_network(words[1]):
        better = f"{words[1]} {words[0]}"
        return at_value(one, "swapped", better=better, edits=replaced(one, better))
    if len(words) == 2 and is_network(words[0].rstrip(",;:")):
        better = f"{words[0].rstrip(',;:')} {words[1]}"
        return at_word(one, 0, "sign", better=better, edits=replaced(one, better))
    return at_word(one, 0, "first", word=words[0])
