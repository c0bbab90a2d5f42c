"""A listener lacks its port or its address.

smtp-listener takes an address or network and a port: 0/0:25 listens on port 25 of every local address.

Bad:
    smtp-listener 10.0.1.22

Good:
    smtp-listener 10.0.1.22:587

Source: PowerMTA 5.0 User's Guide, 3.3.1.24
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR
from commands.pmta.findings.rule import Problem, Problems, at_word
from commands.pmta.findings.sentence import Saying, count
from commands.pmta.language.config import Config
from commands.pmta.language.foreign import kind_of
from commands.pmta.language.quantities import listener, network
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import bare

CODE = "PMTA219"
NAME = "listener-form"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = {
    "source": Saying("Behind the port only source=NAME may follow.", "source=NAME"),
    "port": Saying("{value|This} is not a listener: the port is missing.", "{value}:25"),
    "address": Saying("{value|This} is not a listener: the address is missing.", "0/0:{port}"),
    "form": Saying("{value|This} is not a listener: it takes ADDRESS:PORT.", "0/0:25"),
}


def check(config: Config) -> Problems:
    for one in config.named("smtp-listener"):
        if one.words and not kind_of(one):
            yield from _problems(one, one.word(0), one.words[0].at)
            if len(one.words) > 1 and not one.word(1).lower().startswith("source="):
                yield at_word(one, 1, "source")
    for one in config.openings:
        if one.key in ("smtp-listener", "transmissions-api-listener") and one.value:
            yield from _problems(one, one.value, one.value_at)


def _problems(one: Statement, value: str, at: int) -> Problems:
    if listener(bare(value).strip()) is not None:
        return
    which = "port" if network(bare(value)) is not None else "form"
    if bare(value).isdigit():
        which = "address"
    yield Problem(one, at, at + len(value), which, {"value": value, "port": count(bare(value))})
