"""The evidence in a question: what a machine said, whom it was connecting to, and the text that is left for words.

Pure and total. Nothing of the text goes into the evidence but codes of tables and port numbers.
"""

import re
from dataclasses import dataclass

from commands.smtpcheck.result.replies.reading import read
from commands.smtpport.evidence.log_lines import is_dotnet, library_of, take_log_lines
from commands.smtpport.evidence.messages import Group, Message, messages
from commands.smtpport.evidence.peers import Peer, PeerKind, take_peers
from commands.smtpport.evidence.symptoms import Effect, Symptom, effect_of


@dataclass(frozen=True, slots=True)
class Evidence:
    """`symptom` is a code of `symptoms` or a meaning of a reply, `peer` whom the client was connecting to.

    `is_implicit`: the settings that are quoted already ask for TLS from the first byte.
    `is_unread`: a machine reported something of which nobody here knows what it is.
    `said` is what a person wrote, `quoted` what a server was quoted with: of that only names and ports count.
    """

    said: str
    quoted: str = ""
    symptom: str | None = None
    peer: PeerKind | None = None
    software: str | None = None
    is_implicit: bool = False
    is_starttls: bool = False
    is_unread: bool = False


_REPLY = re.compile(
    r"(?<![\w.:=/-])(?!443)(4[2-57]\d|5[0-57]\d)(?:[ -]\s{0,3}(?=\S)|\)?: |, b?['\"]|(?=\W{0,3}$))([^\n\"]{0,600})"
)
"""A reply code and what stands behind it. 465 and 587 are none."""

_FAILED, _SAID = " times out ", " "
"""What stands for a message in the text that is left: of a failure so that its port counts as tried."""

_IMPLICIT = re.compile(
    r"\bconnect(?:async)?\([^()\n]{1,80}, ?587, ?true\b|"
    r"(?:smtp_tls|use_ssl|smtp_ssl|\bsecure|\bssl|ssl\.enable)['\"]?\]?\s{0,3}(?:[:=]|=>)?\s{0,3}['\"]?true"
    r"|\buse_?tls=yes\b(?!.{0,80}starttls)|\b(?:enable|use|ticked?|checked?) ssl\b(?! ?/ ?tls)"
    r"|home ?assistant.{0,200}\bencryption['\"]?\s{0,3}[:=]?\s{0,3}['\"]?tls\b"
    r"|\bsmtps://|\bsmtp_ssl\(|sslonconnect|encryption['\"]?\s{0,3}[:=>]{1,2}\s{0,3}['\"]?(?:ssl|smtps)\b"
)
"""Settings that mean TLS from the first byte."""

_FOREIGN = re.compile(
    r"\b(?:get|post|put|patch|https?(?:/[\d.]{1,3})?)\b[^\n]{0,100}?[\s>:]50\d\b"
    r"|\b50\d\W{1,3}(?:bad gateway|gateway time|internal server|processing this request|application error)"
    r"|(?<=from )\S{0,80}\[[\d.:a-f]{3,45}\]:\d{1,5}\b"
)
"""Statuses of the web, which look like replies, and the ports of clients."""

_PORTS, _OF_SENDERS = range(1, 65536), range(26, 65536)


def _kept(effect: Effect | None) -> range:
    """The ports of peers that count beside a symptom: of a wrong TLS mode 25 says nothing of who sends."""
    if effect in {None, Effect.OTHER_PORT}:
        return _PORTS
    return _OF_SENDERS if effect is Effect.MODE else range(0)


_REPORT = re.compile(
    r"\b[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}\b|\b(?:4[25]\d|5[05]\d) (?!or\b|and\b|with\b|port)[a-z]{2,}[\w ,'<>@.]{12,}"
    r"|\b[a-z][\w.]{3,60}(?:error|exception)\b\s?[:(\[]|\btraceback\b|\b(?:fatal|error|warning): \S|\[ssl: "
)
"""What is said by a machine, whatever it is."""

_STARTTLS = re.compile(
    r"(?:email_use_tls|\buse_tls|starttls(?:_auto|\.enable|\.required)?)['\"]?\]?\s{0,3}[:=]?\s{0,3}['\"]?true"
)
"""Settings that mean STARTTLS."""

_OF_LOGIN = frozenset({"auth"})


def evidence(text: str) -> Evidence:
    """What machines say in a text. All of it is read in lower case."""
    text = _FOREIGN.sub(_SAID, text.lower())
    found = _of_text(text)
    symptom = found.diagnosis if found else None
    fails = symptom is not None and effect_of(symptom) is Effect.OTHER_PORT
    left = _without_messages(text, is_failure=fails) if symptom else text
    left, peers = take_peers(left, is_failure=symptom is not None, kept=_kept(effect_of(symptom) if symptom else None))
    left, quoted = _without_replies(take_log_lines(left)) if symptom else (take_log_lines(left), "")
    peer = _foremost(peers)
    kind = peer.kind if peer and peer.kind is not PeerKind.SERVER else None
    software = (found.software if found else None) or library_of(text)
    is_implicit = _IMPLICIT.search(text) is not None and not is_dotnet(text)
    is_starttls = not is_implicit and _STARTTLS.search(text) is not None
    is_unread = symptom is None and _REPORT.search(text) is not None
    return Evidence(left, quoted, _in_its_place(symptom, peer), kind, software, is_implicit, is_starttls, is_unread)


def _of_text(text: str) -> Message | None:
    """What is said: a reply, by rows that know it better than the table of replies and by that; or a client."""
    return (
        _first_of("before-replies", text)
        or _of_reply(text)
        or _first_of("client", text)
        or _first_of("after-replies", text)
    )


def _first_of(group: Group, text: str) -> Message | None:
    return next((row for row in messages(group) if row.pattern.search(text)), None)


def _of_reply(text: str) -> Message | None:
    """The first quoted reply that the table of replies knows. What it knows of logins alone counts for their codes."""
    for reply in _REPLY.finditer(text):
        code = int(reply[1])
        row = read(None, code, reply[2])
        if row and (row.stages != _OF_LOGIN or code == 454 or 530 <= code < 540):
            return Message(_REPLY, str(row.meaning), None)
    return None


def _without_messages(text: str, *, is_failure: bool) -> str:
    """The text without what clients say."""
    for row in messages("client"):
        is_tried = is_failure and effect_of(row.diagnosis) is Effect.OTHER_PORT
        text = row.pattern.sub(_FAILED if is_tried else _SAID, text)
    return text


def _without_replies(text: str) -> tuple[str, str]:
    """The text up to the first reply that is quoted, and what is quoted."""
    found = _REPLY.search(text)
    return (text[: found.start()] + text[found.end() :], _RECIPIENT.sub(" ", found[2])) if found else (text, "")


_RECIPIENT = re.compile(r"(?:\b(?:for|to) |<)[^\s<>@]{1,64}@[\w.-]{1,255}")
"""Whoever the mail is for says nothing of who takes it in."""


def _foremost(peers: list[Peer]) -> Peer | None:
    """The peer that the report is about: a destination, then one's own side, then any."""
    return min(peers, key=lambda peer: _RANK.index(peer.kind), default=None)


_RANK = (PeerKind.DESTINATION, PeerKind.OWN_MACHINE, PeerKind.DOCKER_HOST, PeerKind.PRIVATE, PeerKind.SERVER)

_UNREACHED = frozenset({Symptom.REFUSED, Symptom.NO_ANSWER, Symptom.HOST_UNREACHABLE, Symptom.CONNECT_FAILED})

_CERTIFICATES = frozenset({Symptom.CERTIFICATE_SELF_SIGNED, Symptom.CERTIFICATE_UNTRUSTED, Symptom.CERTIFICATE_CHAIN})

_CUT = frozenset({Symptom.RESET, Symptom.CLOSED_EARLY, Symptom.NO_GREETING, Symptom.HANDSHAKE_FAILED})
"""A connection that came about."""

_OF_PEER = {
    PeerKind.OWN_MACHINE: Symptom.TALKS_TO_ITSELF,
    PeerKind.DOCKER_HOST: Symptom.TALKS_TO_DOCKER_HOST,
    PeerKind.PRIVATE: Symptom.PRIVATE_HOST,
}


_OF_SERVICES = frozenset(
    {783, 7777, 8891, 8892, 8893, 9998, 9999, 11332, 11334, *range(10020, 10035), 12301, 12340, 12345}
)
"""Ports of filters, policy services and milters beside a mail server."""


def at_peer(kind: str | None) -> str | None:
    """What it is when a port of such a peer was tried in vain, by the words of the asker."""
    if kind == PeerKind.DESTINATION:
        return str(Symptom.DELIVERY_BLOCKED)
    return next((str(symptom) for peer, symptom in _OF_PEER.items() if peer == kind), None)


def _in_its_place(symptom: str | None, peer: Peer | None) -> str | None:
    """What a symptom is, given whom the client was connecting to."""
    if symptom is None or peer is None:
        return symptom
    if symptom in {Symptom.NETWORK_UNREACHABLE, Symptom.SOURCE_ADDRESS} and peer.is_ipv6:
        return str(Symptom.NO_IPV6_ROUTE)
    if symptom == Symptom.STARTTLS_NOT_OFFERED and peer.kind is PeerKind.OWN_MACHINE:
        return str(Symptom.LOCAL_WITHOUT_STARTTLS)
    if symptom in _CERTIFICATES and peer.kind in _OF_PEER:
        return str(Symptom.OWN_CERTIFICATE)
    if symptom in _CUT and peer.kind in _OF_PEER:
        return str(Symptom.OWN_SERVER_CUTS)
    if symptom not in _UNREACHED:
        return symptom
    if peer.kind is PeerKind.DESTINATION:
        return str(Symptom.DELIVERY_REFUSED if symptom == Symptom.REFUSED else Symptom.DELIVERY_BLOCKED)
    if peer.kind is PeerKind.OWN_MACHINE and peer.port in _OF_SERVICES:
        return str(Symptom.LOCAL_SERVICE)
    return str(_OF_PEER.get(peer.kind, symptom))
