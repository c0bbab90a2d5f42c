"""The rows of the catalogue: what we know of a port, a mail provider and a network, and where we know it from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Tls: TypeAlias = Literal["starttls", "implicit", "none"]

Egress: TypeAlias = Literal["blocked", "open", "unnamed", "unclear", "conflicting", "varies", "intercepted", "limited"]
"""`unnamed`: the page about blocked ports does not name it; `unclear`: no page that was read says anything."""

PortRole: TypeAlias = Literal["submission", "relay", "local", "lmtp", "reading"]
ProviderKind: TypeAlias = Literal["relay", "mailbox", "exchanger", "sink"]
NetworkKind: TypeAlias = Literal["cloud", "hoster", "platform", "isp", "access"]

Confidence: TypeAlias = Literal["documented", "reported", "conflicting", "unconfirmed"]
"""How much a source may be trusted.

documented: a standard, a registry or the vendor's own page. reported: second-hand (a guide, a configuration database,
a user's test). conflicting: other evidence contradicts it. unconfirmed: somebody says so, or no page was found.
"""

Statement: TypeAlias = int | str
"""What a piece of evidence is about: a port, a paragraph of a port's story, or a field such as "login" or "lift"."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. `date` is that of the evidence (a year, a month or a day), or "undated (read ...)"."""

    label: str
    url: str
    date: str
    confidence: Confidence


Sources: TypeAlias = tuple[Source, ...]
Evidence: TypeAlias = Mapping[Statement, Sources]
"""The statements of a row whose evidence is not that of the row: sources, dates and confidence of their own."""


class Offer(NamedTuple):
    """One port of a provider. `plain`: it also works without TLS; not `sure`: the vendor's page was not read for it."""

    port: int
    tls: Tls
    plain: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A TCP port in mail practice. `registered` is the IANA service name, `role` who connects, `tls` the usual mode.

    `story` is paragraphs; `evidence` has the sources of a paragraph by its place in it.
    """

    number: int
    title: str
    registered: str
    role: PortRole
    tls: Tls
    story: tuple[str, ...]
    sources: Sources
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A service that takes mail from us.

    `offers` stand in no order. `refuses` are ports that the vendor says it does not serve, `prefers` the port that it
    names as its first choice (0: none). `names` are how people call it; `weak_names` count only behind a word such as
    "via" (an ISP may run both). `host_pattern` matches further host names, where they carry a region or a tenant.
    """

    key: str
    name: str
    kind: ProviderKind
    names: tuple[str, ...]
    weak_names: tuple[str, ...]
    hosts: tuple[str, ...]
    host_pattern: str
    offers: tuple[Offer, ...]
    prefers: int
    refuses: tuple[int, ...]
    login: str
    user: str
    note: str
    sources: Sources
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Where connections come from: a cloud, a hoster, an ISP. `egress` is what it does with outbound TCP, by port.

    A port that is not named is one of which nothing is known; `ANY` stands for every port that is not named.
    `scope` says whom it concerns, `lift` how to undo it.

    Where the blocks depend on something that the asker has not said, `condition` completes "if ..." and `variants`
    are the rows that it may turn out to be, the freest one last. `others_open`: those whom it does not concern are
    known to be free (False: nothing is known of them).
    """

    key: str
    name: str
    kind: NetworkKind
    names: tuple[str, ...]
    weak_names: tuple[str, ...]
    egress: Mapping[int, Egress]
    scope: str
    condition: str
    others_open: bool
    variants: tuple[str, ...]
    lift: str
    symptom: str
    note: str
    sources: Sources
    evidence: Evidence


ANY = 0
"""Stands for every port that an `egress` does not name."""


def basis(row: Port | Provider | Network, statement: Statement) -> Sources:
    """The sources of one statement of a row."""
    return row.evidence.get(statement, row.sources)


def offer_basis(row: Provider, offer: Offer) -> Sources:
    """The sources of one port of a provider: none where no page was read for it."""
    vague = not offer.sure and any(source.confidence != "unconfirmed" for source in row.sources)
    return row.evidence.get(offer.port, () if vague else row.sources)


def state_of(net: Network | None, port: int) -> Egress:
    """What a network does with a port; one that is not known closes nothing."""
    if net is None:
        return "open"
    return net.egress.get(port) or net.egress.get(ANY, "unclear")
