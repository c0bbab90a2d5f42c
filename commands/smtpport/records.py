"""The rows of the catalogue: what we know of a port, a mail provider and a network, and where we know it from."""

from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple, TypeAlias, cast

from commands.smtpport.evidence import Evidence, Sources, Statement

Tls: TypeAlias = Literal["starttls", "implicit", "none"]
Egress: TypeAlias = Literal["blocked", "open", "unnamed", "unclear", "conflicting", "varies", "intercepted", "limited"]
"""`unnamed`: the page about blocked ports does not name it; `unclear`: no page that was read says anything."""


class Offer(NamedTuple):
    """One port of a provider. `plain`: it also works without TLS; not `sure`: the vendor's page was not read for it."""

    port: int
    tls: Tls
    plain: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Port:
    """A TCP port in mail practice. `registered` is the IANA service name, `role` who connects, `tls` the usual mode.

    `story` is paragraphs; `evidence` has the sources of a paragraph by its place in it.
    """

    number: int
    title: str
    registered: str
    role: str
    tls: Tls
    story: tuple[str, ...]
    sources: Sources
    evidence: Evidence = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provider:
    """A service that takes mail from us.

    `ports` is "587:starttls 465:implicit 25:starttls+plain 2525:starttls?" in no order (`?` = not confirmed: no page
    was read for it, unless `evidence` has one that others contradict).
    `refuses` are ports that the vendor says it does not serve, `prefers` the port that it names as its first choice.
    `names` are how people call it; `weak` names count only behind a word such as "via" (an ISP may run both).
    `pattern` matches further host names, where they carry a region or a tenant.
    """

    key: str
    name: str
    hosts: tuple[str, ...]
    ports: str
    login: str
    sources: Sources
    names: tuple[str, ...]
    evidence: Evidence = field(default_factory=dict)
    weak: tuple[str, ...] = ()
    note: str = ""
    prefers: int = 0
    refuses: tuple[int, ...] = ()
    kind: Literal["relay", "mailbox", "exchanger", "sink"] = "relay"
    user: str = "YOUR-USER"
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """Where connections come from: a cloud, a hoster, an ISP. `egress` is "25:blocked 465:open" for outbound TCP.

    A port that is not named is one of which nothing is known; `*` stands for every port that is not named.
    `scope` says whom it concerns, `lift` how to undo it.

    Where the blocks depend on something that the asker has not said, `condition` completes "if ..." and `variants`
    are the rows that it may turn out to be, the freest one last. `others_open`: those whom it does not concern are
    known to be free (False: nothing is known of them).
    """

    key: str
    name: str
    kind: Literal["cloud", "hoster", "platform", "isp", "access"]
    egress: str
    sources: Sources
    names: tuple[str, ...]
    evidence: Evidence = field(default_factory=dict)
    weak: tuple[str, ...] = ()
    scope: str = ""
    condition: str = ""
    others_open: bool = False
    variants: tuple[str, ...] = ()
    lift: str = ""
    symptom: str = ""
    note: str = ""


def basis(row: Port | Provider | Network, statement: Statement) -> Sources:
    """The sources of one statement of a row."""
    return row.evidence.get(statement, row.sources)


def offer_basis(row: Provider, offer: Offer) -> Sources:
    """The sources of one port of a provider: none where no page was read for it."""
    vague = not offer.sure and any(source.confidence != "unconfirmed" for source in row.sources)
    return row.evidence.get(offer.port, () if vague else row.sources)


@cache
def offers(spec: str) -> tuple[Offer, ...]:
    """The ports of a provider, read from `Provider.ports`."""
    return tuple(_offer(item) for item in spec.split())


def _offer(item: str) -> Offer:
    port, _, mode = item.partition(":")
    sure = not mode.endswith("?")
    tls, _, plain = mode.rstrip("?").partition("+")
    return Offer(int(port), cast("Tls", tls), bool(plain), sure)


ANY = 0
"""Stands for every port that an `egress` does not name."""


@cache
def egress(spec: str) -> dict[int, Egress]:
    """What a network does with outbound connections, by port, read from `Network.egress`."""
    pairs = (item.partition(":") for item in spec.split())
    return {ANY if port == "*" else int(port): cast("Egress", state) for port, _, state in pairs}


def state_of(net: Network | None, port: int) -> Egress:
    """What a network does with a port; one that is not known closes nothing."""
    if net is None:
        return "open"
    states = egress(net.egress)
    return states.get(port) or states.get(ANY, "unclear")
