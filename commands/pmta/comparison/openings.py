"""What lets somebody in: relaying without a login, domains that mail is taken for, logins, listeners, access by HTTP.

Source: PowerMTA 5.0 User's Guide, 3.3.1.24 (listeners), 3.3.1.42 and 3.3.7 (relaying; host-name behaves like
relay-domain; a named source holds for the listeners and users that name it), 3.3.1.46.3 (http-access: the first line
that covers an address decides), 8.2 (a key outranks it).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from commands.pmta.comparison.side import CLOSES, OPENS, Change, Side, place
from commands.pmta.language.listeners import EVERYWHERE, SMTP, Place, listening, sources_of_listeners
from commands.pmta.language.lists import parts
from commands.pmta.language.quantities import Network, contains, network
from commands.pmta.language.tree import Block, Statement
from commands.pmta.language.words import bare
from commands.pmta.queues.patterns import fit

NO = frozenset({"no", "false"})
YES = frozenset({"yes", "true"})
LEVELS = {"none": 0, "monitor,deny-logs": 1, "monitor": 2, "operator": 3, "admin": 4}


def openings(old: Side, new: Side) -> Iterator[Change]:
    """What opens and what closes."""
    yield from _sources(old, new)
    yield from _sets(_relay_domains, _is_taken, old, new, "mail for {} is taken from anybody")
    yield from _sets(_smtp, _is_heard, old, new, "a listener on {}")
    yield from _sets(_api, _is_heard, old, new, "a listener of the transmissions API on {}")
    yield from _sets(_users, _is_same, old, new, "a login for {}")
    yield from _sets(_keys, _is_same, old, new, "{}")
    yield from _http(old, new)


Found = Mapping[str, Statement | None]


def _sets(
    of: Callable[[Side], Found], is_in: Callable[[str, Found], bool], old: Side, new: Side, says: str
) -> Iterator[Change]:
    """What one side lets in that the other does not, also not by something wider."""
    before, after = of(old), of(new)
    for name in after:
        if not is_in(name, before):
            yield Change(OPENS, says.format(_shown(name, new)), new_at=new.at(after[name]))
    for name in before:
        if not is_in(name, after):
            yield Change(CLOSES, says.format(_shown(name, old)), old_at=old.at(before[name]))


def _shown(name: str, side: Side) -> str:
    """A name, or of what is a secret what it is."""
    return side.covered(name.partition("\n")[0])


def _is_same(name: str, others: Found) -> bool:
    return name in others


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
    """The sources that relay for whoever connects; "" is the top level. A named one needs a listener that names it."""
    config = side.config
    found = {"": config.root} if config.root.value("always-allow-relaying").lower() in YES else {}
    named = sources_of_listeners(config)
    for block in config.tagged("source"):
        if (
            (network(bare(block.argument)) or bare(block.argument).lower() in named)
            and config.effective(block, "always-allow-relaying", "no") in YES
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


def _relay_domains(side: Side) -> Found:
    named = [*side.config.named("relay-domain", "relay-address"), *side.config.root.all("host-name")]
    return {
        pattern: one
        for one in named
        for part in parts(one.value)
        for pattern in side.stanzas.macros.patterns(part)
        if part
    }


def _is_taken(name: str, others: Found) -> bool:
    return name in others or any(fit(pattern, name.rpartition("@")[2]) for pattern in others)


def _smtp(side: Side) -> Found:
    found = _public(listening(side.config))
    if [*side.config.named("smtp-listener"), *side.config.tagged("smtp-listener")]:
        return found
    port = side.config.root.value("smtp-port")
    return {f"{EVERYWHERE}:{port if port.isdecimal() else SMTP}": None}


def _api(side: Side) -> Found:
    return _public(listening(side.config, "transmissions-api-listener"))


def _public(found: Iterable[tuple[Place, Statement]]) -> Found:
    """`0.0.0.0/0:25`; those on the loopback address let nobody in."""
    return {f"{where}:{port}": one for (where, port), one in found if not where.is_loopback}


def _is_heard(name: str, others: Found) -> bool:
    address, _, port = name.rpartition(":")
    return any(f":{port}" == other[-len(port) - 1 :] and _is_wider(other, address) for other in others)


def _is_wider(other: str, address: str) -> bool:
    outer, inner = network(other.rpartition(":")[0]), network(address)
    return outer is not None and inner is not None and contains(outer, inner)


def _users(side: Side) -> Found:
    """By the first word: what stands behind it may be a password."""
    opened = [block.opening for block in side.config.tagged("smtp-user") if block.opening and block.argument]
    return {bare(one.word(0)): one for one in opened}


def _keys(side: Side) -> Found:
    """Keys that are no one's secret here: what is told of them is what they open."""
    web = side.config.root.all("http-api-key")
    mail = side.config.placed("api-key", "transmissions-api")
    return {f"a key that is admin of the web monitor\n{one.value}": one for one in web} | {
        f"a key of the transmissions API\n{one.value}": one for one in mail
    }


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
