"""What lets somebody in: relaying without a login, domains that mail is taken for, listeners, access by HTTP.

Source: PowerMTA 5.0 User's Guide, 3.3.1.24 (listeners), 3.3.1.42 and 3.3.7 (relaying), 3.3.1.46.3 (http-access: the
first line that covers an address decides).
"""

from collections.abc import Iterator, Mapping

from commands.pmta.comparison.side import CLOSES, OPENS, Change, Side, place
from commands.pmta.language.lists import parts
from commands.pmta.language.quantities import Network, contains, listener, network
from commands.pmta.language.tree import Block, Statement
from commands.pmta.language.words import bare

NO = frozenset({"no", "false"})
YES = frozenset({"yes", "true"})
LEVELS = {"none": 0, "monitor,deny-logs": 1, "monitor": 2, "operator": 3, "admin": 4}


def openings(old: Side, new: Side) -> Iterator[Change]:
    """What opens and what closes."""
    yield from _sources(old, new)
    yield from _sets(_relay_domains(old), _relay_domains(new), old, new, "mail for {} is taken from anybody")
    yield from _sets(_listeners(old), _listeners(new), old, new, "a listener on {}")
    yield from _http(old, new)


def _sets(
    before: Mapping[str, Statement], after: Mapping[str, Statement], old: Side, new: Side, says: str
) -> Iterator[Change]:
    for name in after.keys() - before.keys():
        yield Change(OPENS, says.format(new.covered(name)), new_at=new.at(after[name]))
    for name in before.keys() - after.keys():
        yield Change(CLOSES, says.format(old.covered(name)), old_at=old.at(before[name]))


def _sources(old: Side, new: Side) -> Iterator[Change]:
    before, after = _relaying(old), _relaying(new)
    for one, is_open, other, side in ((after, OPENS, before, new), (before, CLOSES, after, old)):
        for name, block in one.items():
            if name in other or _is_covered(name, other):
                continue
            at = side.at(block.opening or block.first("always-allow-relaying"))
            says = f"<source {side.covered(name)}> may relay without a login" if name else "anybody may relay"
            yield Change(is_open, says, **{"new_at" if side is new else "old_at": at})


def _relaying(side: Side) -> dict[str, Block]:
    """The sources that relay for whoever connects; "" is the top level."""
    config = side.config
    found = {"": config.root} if config.root.value("always-allow-relaying").lower() in YES else {}
    for block in config.tagged("source"):
        if (
            config.effective(block, "always-allow-relaying", "no") in YES
            and config.effective(block, "require-auth", "no") in NO
            and config.effective(block, "smtp-service", "yes") in YES
        ):
            found.setdefault(place(block.argument), block)
    return found


def _is_covered(name: str, others: Mapping[str, Block]) -> bool:
    """Whether a wider network of the other side has it already."""
    inner = network(name) if name else None
    wider = (network(other) for other in others if other)
    return inner is not None and any(one is not None and contains(one, inner) for one in wider)


def _relay_domains(side: Side) -> dict[str, Statement]:
    named = side.config.named("relay-domain", "relay-address")
    return {
        pattern: one
        for one in named
        for part in parts(one.value)
        for pattern in side.stanzas.macros.patterns(part)
        if part
    }


def _listeners(side: Side) -> dict[str, Statement]:
    """`0.0.0.0/0:25`; those on the loopback address let nobody in."""
    said = [(one.word(0), one) for one in side.config.named("smtp-listener")]
    said += [(block.argument, block.opening) for block in side.config.tagged("smtp-listener") if block.opening]
    found = {}
    for written, one in said:
        place = listener(bare(written))
        if place and not place[0].is_loopback:
            found[f"{place[0]}:{place[1]}"] = one
    return found


def _http(old: Side, new: Side) -> Iterator[Change]:
    """Each network that either side names, and what it may do on each."""
    before, after = _access(old), _access(new)
    for inner in dict.fromkeys(one for one, *_ in (*before, *after)):
        (was, was_by), (level, by) = _level(inner, before), _level(inner, after)
        if was != level:
            kind = OPENS if LEVELS[level] > LEVELS[was] else CLOSES
            yield Change(kind, f"http-access from {inner}", was, level, old.at(was_by), new.at(by))


def _access(side: Side) -> list[tuple[Network, Statement, str]]:
    found = []
    for one in side.config.root.all("http-access"):
        place, level = network(bare(one.word(0))), ",".join(one.value.lower().split()[1:]).replace(",,", ",")
        if place is not None and level in LEVELS:
            found.append((place, one, level))
    return found


def _level(place: Network, access: list[tuple[Network, Statement, str]]) -> tuple[str, Statement | None]:
    for outer, one, level in access:
        if contains(outer, place):
            return level, one
    return "none", None
