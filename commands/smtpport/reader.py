"""What a question asks: role, provider, network, ports and TLS wish, read from English or Spanish words.

Deterministic: a table of words (`vocabulary`, the names in the catalogue), longest phrase first, then typos. Total:
any text gives a `Question`, and whatever was not used is listed in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from commands.smtpport.catalogue import ports, provider, provider_of_host
from commands.smtpport.places import places
from commands.smtpport.spans import Span, spans_of
from commands.smtpport.vocabulary import ROLES

MOST_TEXT = 2000
"""Characters of a question that are read."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to know. Codes and catalogue keys only.

    `role` is submission, relay, receive, listener, device, local, lmtp or reading (IMAP, POP); `stated` whether it was
    said or assumed. `port` is the port asked about, `also` are further ones, `tried` those that failed or are out of
    the question. `host` is a name that was given and that belongs to no known provider; `general` whether ports were
    asked about at all ("which port?").
    """

    role: str = "submission"
    provider: str | None = None
    network: str | None = None
    port: int | None = None
    tls: str | None = None
    tried: tuple[int, ...] = ()
    not_understood: tuple[str, ...] = ()
    stated: bool = False
    also: tuple[int, ...] = ()
    topic: str = "choose"
    software: str | None = None
    host: str | None = None
    general: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing that could be answered was recognised: a "why" alone is no question."""
        said = (self.provider, self.network, self.port, self.tls, self.software, self.host)
        return not (any(said) or self.tried or self.stated or self.general)


def read(text: str) -> Question:
    """The question in a text of at most `MOST_TEXT` characters (the rest is not read)."""
    spans = spans_of(text[:MOST_TEXT])
    named, spare = places(spans)
    asked, tried = _ports(spans)
    topic = _first(spans, "topic") or ("test" if _first(spans, "software") in {"telnet", "nc"} else "choose")
    return Question(
        role=_role(spans, named, asked, topic),
        provider=named.get("provider"),
        network=named.get("network"),
        port=asked[0] if asked else None,
        tls=_tls(spans),
        tried=tried,
        not_understood=(*_unknown(spans), *spare),
        stated=bool(_roles(spans)) or any(span.means("weak_relay") for span in spans),
        also=asked[1:],
        topic=topic,
        software=_first(spans, "software"),
        host=_host(spans),
        general=any(span.means("general") for span in spans),
    )


def _ports(spans: Sequence[Span]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The ports asked about and the ports that were tried, each in the order of the text."""
    asked: dict[int, None] = {}
    tried: dict[int, None] = {}
    for clause in sorted({span.clause for span in spans}):
        part = [span for span in spans if span.clause == clause]
        for span in part:
            if span.port:
                (tried if _gone(part, span.port) else asked).setdefault(span.port)
    return tuple(port for port in asked if port not in tried), tuple(tried)


def _gone(part: Sequence[Span], port: int) -> bool:
    """Whether a clause says that a port does not work. "Why is 25 blocked?" asks, "why does 587 fail?" says."""
    topic = _first(part, "topic")
    return any(span.means("failed") for span in part) and (topic is None or (topic == "why" and port != 25))


def _roles(spans: Sequence[Span]) -> list[str]:
    said = {meaning.value for span in spans for meaning in span.meanings if meaning.slot == "role"}
    return [role for role in ROLES if role in said]


def _role(spans: Sequence[Span], named: dict[str, str], asked: Sequence[int], topic: str) -> str:
    roles = _roles(spans)
    service = provider(named.get("provider"))
    if service and service.kind != "sink":
        roles = [role for role in roles if role != "local"]
    if service and service.kind == "relay":
        roles = [role for role in roles if role != "relay"]
    if roles:
        return roles[0]
    if service:
        return {"exchanger": "relay", "sink": "local"}.get(service.kind, "submission")
    if any(span.means("weak_relay") for span in spans) and "network" not in named:
        return "relay"
    return _role_of_port(asked[0], topic) if asked else "submission"


def _role_of_port(port: int, topic: str) -> str:
    row = ports().get(port)
    return row.role if row and topic not in {"why_not", "why"} else "submission"


def _tls(spans: Sequence[Span]) -> str | None:
    """The one TLS mode that is asked for. Somebody who names both wants to know about both."""
    said = {meaning.value for span in spans for meaning in span.meanings if meaning.slot == "tls"} - {"any"}
    return said.pop() if len(said) == 1 else None


def _first(spans: Sequence[Span], slot: str) -> str | None:
    return next((meaning.value for span in spans for meaning in span.meanings if meaning.slot == slot), None)


def _host(spans: Sequence[Span]) -> str | None:
    return next((span.text for span in spans if span.host and not provider_of_host(span.text)), None)


def _unknown(spans: Sequence[Span]) -> list[str]:
    return [span.text for span in spans if not (span.meanings or span.port or span.host)]
