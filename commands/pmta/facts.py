"""What a config claims about the world: the names and addresses that DNS and /smtpcheck can confirm.

Pure: a text in, claims with their lines out. Asking the world is for whoever holds a guarded resolver.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from commands.pmta.config import Config
from commands.pmta.lists import parts
from commands.pmta.quantities import is_port, listener, network
from commands.pmta.tree import Statement
from commands.pmta.words import bare

SMTP_PORT = 25
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
    """A DKIM key: `<selector>._domainkey.<domain>` should hold its record."""

    selector: str
    domain: str
    line: int

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
    source_hosts: tuple[SourceHost, ...]
    signing_keys: tuple[SigningKey, ...]
    relays: tuple[Endpoint, ...]
    listeners: tuple[Endpoint, ...]


def facts(text: str) -> Facts:
    """The claims of a config; what is no single address, name or port is left out."""
    config = Config(text)
    lines = [_listener(one, one.word(0)) for one in config.named("smtp-listener")]
    tags = [_listener(one, one.value) for one in config.openings if one.key == "smtp-listener"]
    return Facts(
        source_hosts=_given(_source_host(one) for one in config.named("smtp-source-host")),
        signing_keys=_given(_signing_key(one) for one in config.named("domain-key")),
        relays=tuple(relay for one in config.placed("smtp-hosts", "domain") for relay in _relays(one)),
        listeners=_given([*lines, *tags]),
    )


def _given(found: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(one for one in found if one is not None)


def _source_host(one: Statement) -> SourceHost | None:
    place = network(bare(one.word(0)))
    if place is None or place.num_addresses != 1 or len(one.words) != 2:
        return None
    return SourceHost(str(place.network_address), bare(one.word(1)).rstrip("."), one.line)


def _signing_key(one: Statement) -> SigningKey | None:
    fields = parts(one.value)
    if len(fields) != 3 or not all(fields) or any(sign in fields[0] + fields[1] for sign in "*${"):
        return None
    return SigningKey(fields[0], fields[1], one.line)


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
    if found is None or found[0].num_addresses != 1 or found[0].is_loopback or found[0].is_unspecified:
        return None
    return Endpoint(str(found[0].network_address), found[1], one.line)
