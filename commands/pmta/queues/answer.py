"""What applies to a queue: its settings, where its mail goes instead, and what cannot be known from the files."""

from dataclasses import dataclass, replace

from commands.pmta.language.tree import Statement
from commands.pmta.language.words import bare
from commands.pmta.queues.effective import Setting, of_domain, of_mta
from commands.pmta.queues.model import DOMAIN, Stanzas
from commands.pmta.queues.patterns import fit
from commands.pmta.queues.questions import ANY, Queue

MOST_MOVES = 10
"""Queues that `queue-to` is followed through."""
YES = frozenset({"yes", "true"})


@dataclass(frozen=True, slots=True)
class Applied:
    """The settings of a queue, and why its mail is in it: the statement that moved it there, None for the first one."""

    queue: Queue
    domain: tuple[Setting, ...]
    moved_by: Statement | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`queues`: the one that was asked about, and those that its mail goes on to. `mta` are settings of the VirtualMTA.

    `rollups` are lines by which its mail may go to another queue, as its MX hosts are; `elsewhere` the VirtualMTAs and
    pools that say something of their own about the domain; `unknown` the macros that nothing defines. `is_contested`:
    more than one rollup fits the MX host that was given.
    """

    queues: tuple[Applied, ...]
    mta: tuple[Setting, ...]
    rollups: tuple[Statement, ...] = ()
    is_circle: bool = False
    elsewhere: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    is_contested: bool = False

    @property
    def first(self) -> Applied:
        return self.queues[0]


def answered(stanzas: Stanzas, queue: Queue, mx: str = "") -> Answer:
    """`mx` is an MX host of the domain, by which a rollup is chosen; without it rollups are only named."""
    found = [Applied(queue, tuple(of_domain(stanzas, queue.domain, queue.mta)))]
    met, is_circle = {queue.domain}, False
    rollups = _rollups(stanzas, found[0], mx)
    while (move := _move(found[-1])) and len(found) < MOST_MOVES:
        target, by = move
        is_circle = target in met
        if is_circle:
            break
        met.add(target)
        found.append(_applied(stanzas, Queue(target, queue.mta), by))
    is_contested = bool(mx) and len({bare(one.word(1)).lower() for one in rollups}) > 1
    if mx and rollups and not is_contested and len(found) == 1:
        found.append(_applied(stanzas, Queue(bare(rollups[0].word(1)).lower(), queue.mta), rollups[0]))
    return Answer(
        tuple(found),
        tuple(of_mta(stanzas, queue.mta)) if queue.mta else (),
        rollups,
        is_circle,
        _elsewhere(stanzas, queue),
        tuple(sorted(stanzas.macros.unknown)),
        is_contested,
    )


def _applied(stanzas: Stanzas, queue: Queue, by: Statement) -> Applied:
    return replace(Applied(queue, tuple(of_domain(stanzas, queue.domain, queue.mta))), moved_by=by)


def _move(applied: Applied) -> tuple[str, Statement] | None:
    """The queue that the mail of this one goes to, where that is certain, and what says so."""
    for one in applied.domain:
        if one.name == "queue-to" and one.certain:
            target = bare(one.held[0].value).lower().rstrip(".")
            return (target, one.held[0]) if target and target[0] != "{" and target != applied.queue.domain else None
    return None


def _rollups(stanzas: Stanzas, first: Applied, mx: str) -> tuple[Statement, ...]:
    """Lines of <mx-rollup-list> that may hold for the domain; with `mx` those whose pattern it fits."""
    off = any(
        one.name == "disable-mx-rollup" and one.held[0].value.lower() in YES for one in first.domain if one.certain
    )
    if off or first.queue.domain == ANY or first.queue.domain.endswith(".rollup"):
        return ()
    lines = [one for block in stanzas.config.tagged("mx-rollup-list") for one in block.all("mx")]
    host = mx.lower().rstrip(".")
    return tuple(one for one in lines if one.word(1) and (not host or fit(bare(one.word(0)).lower(), host)))


def _elsewhere(stanzas: Stanzas, queue: Queue) -> tuple[str, ...]:
    """Of a domain alone: who has a stanza of its own that covers it. Of a pool: those in it that have any."""
    if queue.mta and queue.mta not in stanzas.pools:
        return ()
    names = stanzas.members.get(queue.mta, ()) if queue.mta else (*stanzas.mtas, *stanzas.pools)
    return tuple(name for name in dict.fromkeys(names) if _says(stanzas, name, queue.domain))


def _says(stanzas: Stanzas, name: str, domain: str) -> bool:
    blocks = [*stanzas.mtas.get(name, ()), *stanzas.pools.get(name, ())]
    inner = (block for outer in blocks for block in outer.blocks if block.tag == DOMAIN)
    return any(fit(pattern, domain) for block in inner for pattern in stanzas.patterns(block))
