"""What a config claims about the world: the names and addresses that DNS and /smtpcheck can confirm.

Pure: a text in, claims with their lines out. Asking the world is for whoever holds a guarded resolver.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from commands.pmta.config import Config
from commands.pmta.lists import parts
from commands.pmta.masking import Mask
from commands.pmta.quantities import is_port, listener, network
from commands.pmta.tree import Statement
from commands.pmta.words import bare

SMTP_PORT = 25
SHA256 = "sha256"
LONGEST, PATH = 255, 4096
"""Characters of a name and of a path."""
MACRO = 100
"""Domains of one macro: enough to see what is wrong with it."""

T = TypeVar("T")
_HOST_LIST = re.compile(r"[,;]")
_HOST = re.compile(r"(\[[^\]]+\]|[^\[\]:\s]+)(?::(\d+))?")


@dataclass(frozen=True, slots=True)
class SourceHost:
    """An address that mail is sent from: its PTR record should name `host`, and `host` should name it."""

    address: str
    host: str
    line: int


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A DKIM key: `<selector>._domainkey.<domain>` should hold its record. `file` is where its private half lies."""

    selector: str
    domain: str
    line: int
    file: str = ""

    @property
    def record(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server that can be handed to /smtpcheck."""

    host: str
    port: int
    line: int


@dataclass(frozen=True, slots=True)
class Facts:
    """`hashes` are those that signatures are made with; `unnamed` the lines that claim something about no one name.

    `beyond` counts claims that were cut off.
    """

    source_hosts: tuple[SourceHost, ...]
    signing_keys: tuple[SigningKey, ...]
    relays: tuple[Endpoint, ...]
    listeners: tuple[Endpoint, ...]
    hashes: frozenset[str] = frozenset({SHA256})
    unnamed: tuple[int, ...] = ()
    beyond: int = 0

    def cut(self, most: int) -> "Facts":
        """At most so many claims of each kind, and none about a name that is longer than names are."""
        hosts = [one for one in self.source_hosts if len(one.host) <= LONGEST]
        keys = [one for one in self.signing_keys if len(one.record) <= LONGEST and len(one.file) <= PATH]
        relays, listeners = (
            [one for one in ends if len(one.host) <= LONGEST] for ends in (self.relays, self.listeners)
        )
        return Facts(
            tuple(hosts[:most]),
            tuple(keys[:most]),
            tuple(relays[:most]),
            tuple(listeners[:most]),
            self.hashes,
            self.unnamed[:most],
            beyond=len(self.source_hosts) + len(self.signing_keys) - len(hosts[:most]) - len(keys[:most]),
        )


def facts(text: str) -> Facts:
    """The claims of a text."""
    return facts_of(Config(text), Mask(text))


def facts_of(config: Config, mask: Mask) -> Facts:
    """The claims of a config; what is no single address, name or port is left out, and what holds a secret."""

    def shown(found: Iterable[Statement]) -> list[Statement]:
        return [one for one in found if not mask.hidden(one.at, one.stop)]

    macros = domain_macros(config)
    keys = [(one, _signing_keys(one, macros)) for one in shown(config.named("domain-key"))]
    hosts = [(one, _source_host(one)) for one in shown(config.named("smtp-source-host"))]
    lines = [_listener(one, one.word(0)) for one in shown(config.named("smtp-listener"))]
    tags = [_listener(one, one.value) for one in shown(config.openings) if one.key == "smtp-listener"]
    return Facts(
        source_hosts=_given(found for _, found in hosts),
        signing_keys=tuple(key for _, found in keys for key in found),
        relays=tuple(relay for one in shown(config.placed("smtp-hosts", "domain")) for relay in _relays(one)),
        listeners=_given([*lines, *tags]),
        hashes=_hashes(config),
        unnamed=tuple(sorted(one.line for one, found in [*hosts, *keys] if not found)),
    )


def _hashes(config: Config) -> frozenset[str]:
    """SHA-256 unless `dkim-algorithm` says otherwise for every domain (User's Guide, 3.3.10.22)."""
    said = list(config.named("dkim-algorithm", "second-dkim-algorithm"))
    found = {bare(one.word(0)).lower().removeprefix("rsa-") for one in said} & {"sha1", SHA256}
    everywhere = any(one.block.argument == "*" and one.block.parent is config.root for one in said)
    return frozenset(found if everywhere and found else {*found, SHA256})


def _given(found: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(one for one in found if one is not None)


def _source_host(one: Statement) -> SourceHost | None:
    place = network(bare(one.word(0)))
    if place is None or place.prefixlen != place.max_prefixlen or len(one.words) != 2:
        return None
    return SourceHost(str(place.network_address), bare(one.word(1)).rstrip("."), one.line)


def _signing_keys(one: Statement, macros: Mapping[str, Sequence[str]]) -> list[SigningKey]:
    """A key for each domain that its line names; none for any domain (`*`) and for names made at run time."""
    fields = [bare(field) for field in parts(one.value)]
    if len(fields) != 3 or not all(fields) or any(sign in fields[0] for sign in "*${"):
        return []
    selector, domain, file = fields
    names = macros.get(domain[1:].lower(), ()) if domain[0] == "$" else (domain,)
    return [SigningKey(selector, name, one.line, file) for name in names if not any(sign in name for sign in "*${[")]


def domain_macros(config: Config) -> dict[str, tuple[str, ...]]:
    """The domains of each `domain-macro`, those of the macros that it names included; at most 100 of each."""
    said = {one.word(0).lower(): parts(one.value[len(one.word(0)) :]) for one in config.named("domain-macro")}
    made: dict[str, tuple[str, ...]] = {}
    for name, listed in said.items():
        inner = [said.get(part[1:].lower(), ()) if part[:1] == "$" else (part,) for part in listed]
        made[name] = tuple(domain for found in inner for domain in found if domain and domain[0] != "$")[:MACRO]
    return made


def _relays(one: Statement) -> list[Endpoint]:
    found = []
    for item in _HOST_LIST.split(bare(one.value)):
        host = _HOST.fullmatch(item.strip()) if not item.strip().lower().startswith("lookup-mx:") else None
        if host and is_port(host[2] or str(SMTP_PORT)):
            name = host[1].strip("[]")
            name = name[5:] if name.lower().startswith("ipv6:") else name
            found.append(Endpoint(name, int(host[2] or SMTP_PORT), one.line))
    return found


def _listener(one: Statement, value: str) -> Endpoint | None:
    """A listener on one public or private address; 0/0 and the loopback address say nothing to others."""
    found = listener(bare(value))
    if found is None or found[0].prefixlen != found[0].max_prefixlen or found[0].is_loopback or found[0].is_unspecified:
        return None
    return Endpoint(str(found[0].network_address), found[1], one.line)
