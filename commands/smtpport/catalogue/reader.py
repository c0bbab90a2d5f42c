"""The data files of the catalogue as typed records, read when they are first asked for.

A row names its sources by their `[source.NAME]` tables: in its own file, or in sources.toml, which has those that
several files or the rules cite.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import NamedTuple, TypeAlias, TypeVar, get_args

from commands.smtpport.catalogue.records import (
    ANY,
    Confidence,
    Egress,
    Evidence,
    Network,
    NetworkKind,
    Offer,
    Port,
    PortRole,
    Provider,
    ProviderKind,
    Source,
    Sources,
    Statement,
    Tls,
)
from commands.smtpport.catalogue.table import CatalogueError, Table

_Row = TypeVar("_Row")
_Known: TypeAlias = Mapping[str, Source]

_DATE = re.compile(r"(19|20)\d\d(-\d\d(-\d\d)?)?|undated \(read 20\d\d-\d\d\)")
_URL = re.compile(r"https?://[^\s<>|]+")

_TLS: tuple[Tls, ...] = get_args(Tls)
_EGRESS: tuple[Egress, ...] = get_args(Egress)
_CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
_ROLES: tuple[PortRole, ...] = get_args(PortRole)
_PROVIDERS: tuple[ProviderKind, ...] = get_args(ProviderKind)
_NETWORKS: tuple[NetworkKind, ...] = get_args(NetworkKind)


class Catalogue(NamedTuple):
    """Every row, in the order of the files."""

    ports: tuple[Port, ...]
    providers: tuple[Provider, ...]
    networks: tuple[Network, ...]


@cache
def catalogue() -> Catalogue:
    """The catalogue of this installation. Raises `CatalogueError` where a file has a mistake."""
    shared = shared_sources()
    return Catalogue(
        rows("ports.toml", text_of("ports.toml"), "port", port, shared),
        rows("providers.toml", text_of("providers.toml"), "provider", provider, shared),
        rows("networks.toml", text_of("networks.toml"), "network", network, shared),
    )


@cache
def shared_sources() -> Mapping[str, Source]:
    """The sources that several files or the rules cite, by name."""
    return sources("sources.toml", text_of("sources.toml"))


def text_of(file: str) -> str:
    return resources.files(__package__).joinpath(file).read_text(encoding="utf-8")


def sources(file: str, text: str) -> dict[str, Source]:
    """The `[source.NAME]` tables of a file that has nothing else."""
    return _sources(file, _tables(file, text, "source"))


def rows(
    file: str, text: str, kind: str, record: Callable[[str, Table, _Known], _Row], shared: _Known
) -> tuple[_Row, ...]:
    """The `[kind.NAME]` tables of a file as records. Raises `CatalogueError` with the file, the row and the field."""
    tables = _tables(file, text, kind, "source")
    own = _sources(file, tables)
    for name in own.keys() & shared.keys():
        raise CatalogueError(f"{file}, source.{name}: sources.toml has a source of this name, too")
    return tuple(_record(file, kind, name, table, record, {**shared, **own}) for name, table in tables[kind].items())


def _tables(file: str, text: str, *kinds: str) -> dict[str, dict[str, object]]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{file}: {error}") from error
    for kind, tables in found.items():
        if kind not in kinds or not isinstance(tables, dict):
            known = " or ".join(f"[{it}.NAME]" for it in kinds)
            raise CatalogueError(f"{file}, {kind}: unknown; a row begins with {known}")
    return {kind: found.get(kind, {}) for kind in kinds}


def _record(
    file: str, kind: str, name: str, fields: object, record: Callable[[str, Table, _Known], _Row], known: _Known
) -> _Row:
    table = Table(f"{file}, {kind}.{name}", fields)
    made = record(name, table, known)
    table.close()
    return made


def _sources(file: str, tables: Mapping[str, Mapping[str, object]]) -> dict[str, Source]:
    found = tables["source"]
    return {name: _record(file, "source", name, fields, _source, {}) for name, fields in found.items()}


def _source(_name: str, row: Table, _known: _Known) -> Source:
    return Source(
        label=row.text("label"),
        url=row.matching("url", _URL, "an https:// address"),
        date=row.matching("date", _DATE, '"2026", "2026-11", "2026-11-24" or "undated (read 2026-11)"'),
        confidence=row.choice("confidence", _CONFIDENCES),
    )


def port(name: str, row: Table, known: _Known) -> Port:
    """`[port.25]`, with a `[[port.25.story]]` for each paragraph, which may have sources of its own."""
    story = row.tables("story")
    texts = [paragraph.text("text") for paragraph in story]
    cited = [_cited(paragraph, "sources", paragraph.texts("sources"), known) for paragraph in story]
    for paragraph in story:
        paragraph.close()
    return Port(
        number=row.number(name),
        title=row.text("title"),
        registered=row.text("registered"),
        role=row.choice("role", _ROLES),
        tls=row.choice("tls", _TLS),
        story=tuple(texts),
        sources=_of_row(row, known),
        evidence=MappingProxyType({place: own for place, own in enumerate(cited) if own}),
    )


def provider(key: str, row: Table, known: _Known) -> Provider:
    """`[provider.sparkpost]`; see the head of providers.toml."""
    offers, refuses, note = _offers(row), row.ports("refuses"), row.text("note", "")
    stated: list[Statement] = [*(offer.port for offer in offers), *refuses, "login", *(["note"] if note else [])]
    return Provider(
        key=key,
        name=row.text("name"),
        kind=row.choice("kind", _PROVIDERS, "relay"),
        names=row.texts("names", required=True),
        weak_names=row.texts("weak_names"),
        hosts=row.texts("hosts", required=True),
        host_pattern=row.text("host_pattern", ""),
        offers=offers,
        prefers=row.port("prefers"),
        refuses=refuses,
        login=row.text("login"),
        user=row.text("user", "YOUR-USER"),
        note=note,
        sources=_of_row(row, known),
        evidence=_evidence(row, stated, known),
    )


def _offers(row: Table) -> tuple[Offer, ...]:
    modes = row.by_port("ports", _TLS)
    plain, unconfirmed = row.ports("plain"), row.ports("unconfirmed")
    for field, some in (("plain", plain), ("unconfirmed", unconfirmed)):
        if extra := set(some) - set(modes):
            raise row.wrong(field, f"{min(extra)} is not among the ports")
    return tuple(Offer(number, tls, number in plain, number not in unconfirmed) for number, tls in modes.items())


def network(key: str, row: Table, known: _Known) -> Network:
    """`[network.ec2]`; see the head of networks.toml."""
    egress = row.by_port("egress", _EGRESS, others=ANY)
    told = {field: row.text(field, "") for field in ("lift", "symptom", "note")}
    return Network(
        key=key,
        name=row.text("name"),
        kind=row.choice("kind", _NETWORKS),
        names=row.texts("names", required=True),
        weak_names=row.texts("weak_names"),
        egress=MappingProxyType(egress),
        scope=row.text("scope", ""),
        condition=row.text("condition", ""),
        others_open=row.flag("others_open"),
        variants=row.texts("variants"),
        **told,
        sources=_of_row(row, known),
        evidence=_evidence(row, [*egress, *(field for field, text in told.items() if text)], known),
    )


def _of_row(row: Table, known: _Known) -> Sources:
    return _cited(row, "sources", row.texts("sources", required=True), known)


def _evidence(row: Table, stated: Iterable[Statement], known: _Known) -> Evidence:
    """The sources of single statements. Only what the row states can have any."""
    statements = {"others" if statement == ANY else str(statement): statement for statement in stated}
    found: dict[Statement, Sources] = {}
    for name, cited in row.lists("evidence").items():
        if name not in statements:
            raise row.wrong(f"evidence.{name}", f"the row does not state that; it states {', '.join(statements)}")
        found[statements[name]] = _cited(row, f"evidence.{name}", cited, known)
    return MappingProxyType(found)


def _cited(row: Table, field: str, names: Iterable[str], known: _Known) -> Sources:
    for name in names:
        if name not in known:
            raise row.wrong(field, f"no [source.{name}] stands in this file or in sources.toml")
    return tuple(known[name] for name in names)
