"""A listener lacks its port or its address.

smtp-listener takes an address or network and a port: 0/0:25 listens on port 25 of every local address.

Bad:
    smtp-listener 10.0.1.22

Good:
    smtp-listener 10.0.1.22:587

Source: PowerMTA 5.0 User's Guide, 3.3.1.24
"""

from commands.pmta.config import Config
from commands.pmta.foreign import kind_of
from commands.pmta.model import DOCUMENTED, ERROR
from commands.pmta.quantities import listener, network
from commands.pmta.rule import Problem, Problems, at_word
from commands.pmta.tree import Statement
from commands.pmta.words import bare

CODE = "PMTA219"
NAME = "listener-form"
SEVERITY = ERROR
BASIS = DOCUMENTED


def check(config: Config) -> Problems:
    for one in config.named("smtp-listener"):
        if one.words and not kind_of(one):
            yield from _problems(one, one.word(0), one.words[0].at)
            if len(one.words) > 1 and not one.word(1).lower().startswith("source="):
                yield at_word(one, 1, "Behind the port only source=NAME may follow.", "source=NAME")
    for one in config.openings:
        if one.key in ("smtp-listener", "transmissions-api-listener") and one.value:
            yield from _problems(one, one.value, one.value_at)


def _problems(one: Statement, value: str, at: int) -> Problems:
    if listener(bare(value).strip()) is not None:
        return
    what = "the port is missing" if network(bare(value)) is not None else "it takes ADDRESS:PORT"
    if bare(value).isdigit():
        what = "the address is missing"
    better = f"0/0:{bare(value)}" if bare(value).isdigit() else f"{value[:60]}:25" if "port" in what else "0/0:25"
    yield Problem(one, at, at + len(value), f"{value[:60]} is not a listener: {what}.", better)
