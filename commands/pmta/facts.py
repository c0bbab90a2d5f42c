"""What a config claims about the world: the names and addresses that DNS and /smtpcheck can confirm.

Pure: a text in, claims with their lines out. Asking the world is for whoever holds a guarded resolver.
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Generic, TypeVar

from commands.pmta.configuration.origin import ALONE, Origin
from commands.pmta.language.config import Config
from commands.pmta.language.lists import endpoint, parts
from commands.pmta.language.quantities import listener, network
from commands.pmta.language.tree import Statement
from commands.pmta.language.words import bare
from commands.pmta.masking import Mask

SMTP_PORT = 25
SHA256 = "sha256"
LONGEST, PATH = 255, 4096
"""Characters of a name and of a path."""
LOOKED_AT = 3
"""Lines that are looked at for each claim that is wanted: one of more is hardly a claim."""
MACRO = 100
"""Domains of one macro: enough to see what is wrong with it."""

CERTIFICATES = (
    *("smtp-server-tls-certificate", "tls-certificate", "tls-trusted-certificate", "smtp-client-certificate"),
    *("smtp-server-tls-ca-file", "tls-ca-file", "smtp-tls-ca-file", "http-tls-ca-file"),
    *("http-webhook-certificate", "http-webhook-ca-file"),
)
"""Settings whose first word is the path of a file with certificates (User's Guide, 3.3.1.9, 3.3.17.4, 3.3.10.95.11)."""

_HOST_LIST = re.compile(r"[,;]")


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
class NamedFile:
    """A file that the config names: a certificate, or (`is_key`) the DKIM key of domains that are not one."""

    path: str
    line: int
    is_key: bool = False


C = TypeVar("C", SourceHost, SigningKey, Endpoint)


@dataclass(frozen=True, slots=True)
class Facts:
    """`hashes` are those that signatures are made with; `unnamed` the lines that claim something about no one name.

    `beyond` counts claims that were cut off. Lines are those of the whole text; `origin` says where they stand.
    """

    source_hosts: tuple[SourceHost, ...]
    signing_keys: tuple[SigningKey, ...]
    relays: tuple[Endpoint, ...]
    listeners: tuple[Endpoint, ...]
    hashes: frozenset[str] = frozenset({SHA256})
    unnamed: tuple[int, ...] = ()
    beyond: int = 0
    origin: Origin = ALONE
    files: tuple[NamedFile, ...] = ()


def facts(text: str, origin: Origin = ALONE) -> Facts:
    """The claims of a text."""
    return facts_of(Config(text), Mask(text), origin=origin)


def facts_of(config: Config, mask: Mask, most: int = sys.maxsize, origin: Origin = ALONE) -> Facts:
    """At most so many claims of each kind.

    What is no single address, name or port is left out, and what holds a secret or a name longer than names are.
    """
    macros = domain_macros(config)
    hosts = _Claims(config.named("smtp-source-host"), lambda one: _given(_source_host(one)), mask, most)
    keys = _Claims(config.named("domain-key"), lambda one: _signing_keys(one, macros), mask, most)
    relays = _Claims(
        chain(config.placed("smtp-hosts", "domain"), config.placed("route", "domain")), _relays, mask, most
    )
    lines = _Claims(config.named("smtp-listener"), lambda one: _given(_listener(one, one.word(0))), mask, most)
    openings = (one for one in config.openings if one.key == "smtp-listener")
    tags = _Claims(openings, lambda one: _given(_listener(one, one.value)), mask, most)
    return Facts(
        source_hosts=tuple(hosts.made),
        signing_keys=tuple(keys.made),
        relays=tuple(relays.made),
        listeners=(*lines.made, *tags.made)[:most],
        hashes=_hashes(config),
        unnamed=tuple(sorted(hosts.unnamed + keys.unnamed))[:most],
        beyond=hosts.beyond + keys.beyond,
        origin=origin,
        files=tuple(_files(config, mask, most)),
    )


def _files(config: Config, mask: Mask, most: int) -> list[NamedFile]:
    """Of certificates, whose lines may hold a password behind the path, and of keys for any domain."""
    looked_at = islice(config.named(*CERTIFICATES, "domain-key"), min(LOOKED_AT * most, sys.maxsize))
    named = (_key_file(one, mask) if one.key == "domain-key" else _certificate(one, mask) for one in looked_at)
    return [one for one in named if one and 0 < len(one.path) <= PATH and "$" not in one.path][:most]


def _certificate(one: Statement, mask: Mask) -> NamedFile | None:
    word = one.placed_word(0)
    if word is None or mask.shown(word.at, word.at + len(word.text)) != word.text:
        return None
    return NamedFile(bare(word.text), one.line)


def _key_file(one: Statement, mask: Mask) -> NamedFile | None:
    fields = [bare(field) for field in parts(one.value)]
    is_for_any = len(fields) == 3 and fields[1] == "*"
    return NamedFile(fields[2], one.line, is_key=True) if is_for_any and _is_shown(one, mask) else None


def _is_shown(one: Statement, mask: Mask) -> bool:
    return mask.shown(one.at, one.stop) == mask.text[one.at : one.stop]


class _Claims(Generic[C]):
    """The first claims of one kind, the lines that name no one thing, and how many claims are `beyond`.

    What of a line is secret or not understood takes long to find, and is therefore looked for in so many lines only.
    """

    def __init__(
        self, found: Iterable[Statement], read: Callable[[Statement], Sequence[C]], mask: Mask, most: int
    ) -> None:
        self.made: list[C] = []
        self.unnamed: list[int] = []
        self.beyond = 0
        for number, one in enumerate(found):
            if len(self.made) >= most or number >= LOOKED_AT * most:
                self.beyond += 1
            elif _is_shown(one, mask):
                self._add(one, read(one), most)

    def _add(self, one: Statement, read: Sequence[C], most: int) -> None:
        named = [claim for claim in read if _is_short(claim)][: most - len(self.made)]
        self.made += named
        self.beyond += len(read) - len(named)
        if not read:
            self.unnamed.append(one.line)


def _is_short(claim: SourceHost | SigningKey | Endpoint) -> bool:
    if isinstance(claim, SigningKey):
        return len(claim.record) <= LONGEST and len(claim.file) <= PATH
    return len(claim.host) <= LONGEST


def _hashes(config: Config) -> frozenset[str]:
    """SHA-256 unless `dkim-algorithm` says otherwise for every domain (User's Guide, 3.3.10.22)."""
    said = list(config.named("dkim-algorithm", "second-dkim-algorithm"))
    found = {bare(one.word(0)).lower().removeprefix("rsa-") for one in said} & {"sha1", SHA256}
    everywhere = any(one.block.argument == "*" and one.block.parent is config.root for one in said)
    return frozenset(found if everywhere and found else {*found, SHA256})


def _given(claim: C | None) -> Sequence[C]:
    return [] if claim is None else [claim]


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
        read = endpoint(item.strip())
        if read and not read[0]:
            found.append(Endpoint(read[1], SMTP_PORT if read[2] is None else read[2], one.line))
    return found


def _listener(one: Statement, value: str) -> Endpoint | None:
    """A listener on one public or private address; 0/0 and the loopback address say nothing to others."""
    found = listener(bare(value))
    if found is None or found[0].prefixlen != found[0].max_prefixlen or found[0].is_loopback or found[0].is_unspecified:
        return None
    return Endpoint(str(found[0].network_address), found[1], one.line)
