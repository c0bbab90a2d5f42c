"""The evidence in a question: what a machine said, whom it was connecting to, and the text that is left for words.

Pure and total. Nothing of the text goes into the evidence but codes of tables and numbers of ports and replies.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from commands.smtpcheck.result.meanings import Meaning
from commands.smtpport.evidence.answering import is_other_certificate, is_web_host
from commands.smtpport.evidence.bystanders import without_bystanders
from commands.smtpport.evidence.effects import Effect
from commands.smtpport.evidence.formatting import unformatted
from commands.smtpport.evidence.log_lines import is_dotnet, library_of, take_log_lines
from commands.smtpport.evidence.messages import Group, Message, messages
from commands.smtpport.evidence.origin import Direction, direction_of, is_by_machine, is_own_log
from commands.smtpport.evidence.peers import Peer, PeerKind, of_accounting, take_peers
from commands.smtpport.evidence.places import in_its_place
from commands.smtpport.evidence.replies import REPLY, Reply, by_code, by_words, replies_in
from commands.smtpport.evidence.settings import Mode, logs_in, mode_in
from commands.smtpport.evidence.stages import Stage, leaves_tls, stage_of
from commands.smtpport.evidence.symptoms import Symptom, effect_of, is_vague


@dataclass(frozen=True, slots=True)
class Evidence:
    """`symptom` is a code of `symptoms` or a meaning of a reply, `peer` whom the client was connecting to.

    `mode` is the TLS mode that quoted settings ask for, `reply` the code of the reply that decided.
    `is_unread`: a machine reported something of which nobody here knows what it is. `stage` is how far it came,
    `leaves_tls` whether STARTTLS was offered and left, `exchanger_of` the provider whose exchanger was taken for a host
    to submit to, `logs_in` whether the settings have a login.
    `is_web_host`: a mail server of a web host greets; `other_certificate`: one is quoted that is not the provider's.
    `by_machine`: the symptom is quoted as a machine says it; else it is told in somebody's words, which is a hint only.
    `peer_host` is the name or address of a destination, `in_own_log` whether a server logs who connects to it.
    `direction` is who connects to whom, `port` the one that a machine says that it was connecting to.
    `said` is what a person wrote, `quoted` what a server was quoted with: of that only names and ports count.
    """

    said: str
    quoted: str = ""
    symptom: str | None = None
    peer: PeerKind | None = None
    software: str | None = None
    mode: Mode | None = None
    is_unread: bool = False
    reply: int | None = None
    stage: Stage = Stage.NOTHING
    leaves_tls: bool = False
    exchanger_of: str | None = None
    logs_in: bool = False
    is_web_host: bool = False
    other_certificate: bool = False
    by_machine: bool = True
    direction: Direction | None = None
    port: int | None = None
    peer_host: str | None = None
    in_own_log: bool = False


_FAILED, _SAID = " times out ", " "
"""What stands for a message in the text that is left: of a failure so that its port counts as tried."""

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
    r"\b[a-z][\w.]{1,60}(?:error|exception|failure)\b\s?[:(\['\x22]|\btraceback\b|\[ssl: |\bstatus=(?:deferred|bounced)"
    r"|\b(?:fatal|error|err|warning|warn|panic)\b(?:\W{0,3}[:=\])]| \()|\b(?:lvl|level)=\w{3,6}\b|\bfailed to send\b"
    r"|\berror (?:sending|while|when)\b|\b(?:run-?time|smtp) error\b|\b\w{3,40}\.(?:py|js|php|rb|go|java|cs)\b[:,(]"
)
"""What is said by a machine, whatever it is."""

_MACHINE = re.compile(
    r"[\[\](){}=<>\"`|;:\n\\/&#@_]|\d[:.][\d.x*]|(?<!\d)(?!(?:465|587|2525|993|365)\b)\d{3}|error|fail|time|refus|could|unable|cannot|closed|socket|version|cert|handshake|support|missing"
    r"|unreach|denied|reject|invalid|lost|reset|broken|expired|hang|permi|identi|loops|resol|no route|mech|false"
    r"|conexi|conectar|rechaz|agot|no ?(?:hay ruta|route)|eof|unauthor|unavail|inaccesible|inalcanz|desconocid"
    r"|no se (?:encuentra|encontr)|lleno|respond|reach"
    r"|banner|greeting|trying|succe|cifrado|encrypt|enotfound|getaddrinfo"
)
"""What is in every report, and in few plain questions."""


_WORKS_HERE = re.compile(
    r"\b(?:works?|worked|working|fine|ok|funciona|va bien) (?:on|in|from|at|with|en|con) (?:my |mi )?"
    r"(?:localhost|127\.0\.0\.1)(?::\d{1,5})?(?![\w.])"
    r"|\b(?:(?:on|in|from|at|en|desde) )?(?:my |mi )?localhost,? (?:it |everything |all |that |todo )?(?:still )?"
    r"(?:works?|worked|is (?:fine|ok)|was fine|sends?|funciona|va bien|envia|manda)\b"
)
"""Where it works is not where it fails."""


def evidence(text: str) -> Evidence:
    """What machines say in a text. All of it is read in lower case."""
    text = without_bystanders(of_accounting(_WORKS_HERE.sub(" works locally ", text.lower())))
    return _of_report(_FOREIGN.sub(_SAID, unformatted(text))) if _MACHINE.search(text) else Evidence(text)


def _of_report(text: str) -> Evidence:
    clients = _rows_in("client", text)
    symptom, software, reply, by_machine = _found(text, clients)
    if symptom in _OF_IPV6 and _IPV4_FAILS.search(text):
        symptom = str(Symptom.NO_ANSWER)  # one family has no route, the other no answer: that is what counts
    effect = effect_of(symptom) if symptom else None
    left = _without_messages(text, clients, is_failure=effect is Effect.OTHER_PORT) if symptom else text
    left, peers = take_peers(left, is_failure=symptom is not None, kept=_kept(effect))
    left, quoted = _without_replies(take_log_lines(left)) if symptom else (take_log_lines(left), "")
    peer = _foremost(peers)
    if peer and symptom == Symptom.NO_ANSWER and _IPV4_FAILS.search(text):
        peer = replace(peer, is_ipv6=False)
    return Evidence(
        left,
        quoted,
        in_its_place(symptom, peer),
        peer.kind if peer and peer.kind is not PeerKind.SERVER else None,
        software or library_of(text),
        None if is_dotnet(text) else mode_in(text),
        symptom is None and _REPORT.search(text) is not None,
        reply.code if reply else None,
        stage_of(text),
        leaves_tls(text),
        peer.owner if peer else None,
        logs_in(text),
        is_web_host(text),
        is_other_certificate(text),
        by_machine,
        direction_of(text),
        _port_in(text, peer) if symptom and by_machine else None,
        peer.host or None if peer and peer.kind is PeerKind.DESTINATION else None,
        is_own_log(text),
    )


_OF_IPV6 = frozenset({Symptom.NETWORK_UNREACHABLE, Symptom.HOST_UNREACHABLE, Symptom.SOURCE_ADDRESS})
_IPV4_FAILS = re.compile(r"\b(?:ip)?v4\b[^.;\n]{0,40}\b(?:tim(?:e|es|ed|ing)[ -]?out|no answer|hang)")


_AT_PORT = re.compile(r"(?:[\w\]]:|\bport[ '\":=]{1,4})(\d{2,5})(?![\d:.])")


def _port_in(text: str, peer: Peer | None) -> int | None:
    """The port of a report: that of its peer, else the last one that is written as one."""
    written = _AT_PORT.findall(text)
    return (peer.port if peer else None) or (int(written[-1]) if written else None)


class _Row(NamedTuple):
    """A message of the table, and where a text has it."""

    row: Message
    seen: re.Match[str]


class _Found(NamedTuple):
    """What is said, the software that says so, the reply that decided, and whether it is quoted."""

    symptom: str | None
    software: str | None = None
    reply: Reply | None = None
    by_machine: bool = True


def _found(text: str, clients: Sequence[_Row]) -> _Found:
    """What is said, given what clients say in it.

    A reply whose words are known, a client whose words leave no doubt, a reply by its code, any other client.
    """
    if first := _first_of("before-replies", text):
        return first
    replies = list(replies_in(text))
    known = _first(replies, by_words)
    own = _first_of("last", text) if known and is_vague(known[0]) else None
    if known:
        return _Found(own.symptom if own else known[0], None, known[1], known[1].quoted)
    client = _first_said(text, clients)
    if client and client.symptom:
        causes = [said for said in clients if said.row.diagnosis in _CAUSES]
        precise = _first_said(text, causes) if client.symptom in _OUTERMOST else None
        if precise or not is_vague(client.symptom):
            return precise or client
    stage = stage_of(text) if replies else Stage.NOTHING
    if coded := _first(replies, lambda reply: by_code(reply, stage)):
        return _Found(coded[0], client.software if client else None, coded[1])
    return client or _first_loose(text)


_LOOSE = re.compile(
    r"(?:\b(?:error|rejected|refused|exception|failed|warning|denied|dice|says?)\b\W{1,4})([a-z][^\n]{8,200})"
)
_REPLIED = re.compile(
    r"\b(?:server|host) (?:responded|replied|answered|said|says|response)\b\W{1,4}([a-z][^\n]{8,200})"
)
_SAFE = frozenset(
    {Meaning.TOO_FAST, Meaning.NO_SUCH_USER, Meaning.LOGIN_NEEDED, Meaning.LOGIN_REFUSED, Meaning.LISTED}
    | {Meaning.TLS_NEEDED, Meaning.SPAM, Meaning.TOO_LARGE, Symptom.SENDER_REFUSED}
)
"""What words mean without a code before them, too."""


def _first_loose(text: str) -> _Found:
    """What a server says of which the code was not quoted, by the kind of its words; else what its own log tells."""
    if told := _REPLIED.search(text):
        kinds = (row.diagnosis for row in messages("replies") if row.pattern.search(told[1]))
        if kind := next(kinds, None):
            return _Found(kind)
    for found in _LOOSE.finditer(text):
        kind = next((row.diagnosis for row in messages("replies") if row.pattern.search(found[1])), None)
        if kind in _SAFE:
            return _Found(kind, None, None, is_by_machine(text, found.start(1), found.start(1) + 1))
    last = _first_of("last", text)
    is_sure = last is not None and (last.symptom != Symptom.NO_ANSWER or _REPORT.search(text) is not None)
    return last if last and is_sure else _Found(None)


def _first(replies: list[Reply], meaning: Callable[[Reply], str | None]) -> tuple[str, Reply] | None:
    return next(((found, reply) for reply in replies if (found := meaning(reply))), None)


_OUTERMOST = frozenset({Symptom.HANDSHAKE_FAILED, Symptom.CONNECT_FAILED})
"""What stands before the cause in a chain of errors."""

_CAUSES = frozenset(
    {Meaning.TLS_ON_PLAIN_PORT, Symptom.NAME_UNKNOWN, Symptom.DNS_SILENT, Symptom.REFUSED, Symptom.NETWORK_UNREACHABLE}
)


def _rows_in(group: Group, text: str) -> list[_Row]:
    """The rows of a group that a text has."""
    return [_Row(row, seen) for row in messages(group) if (seen := row.pattern.search(text))]


def _first_of(group: Group, text: str) -> _Found | None:
    """The first row of a group that a text has."""
    said = (_Row(row, seen) for row in messages(group) if (seen := row.pattern.search(text)))
    return _first_said(text, said)


def _first_said(text: str, said: Iterable[_Row]) -> _Found | None:
    """What the first of some rows means, and whether it is quoted there."""
    for row, seen in said:
        return _Found(row.diagnosis, row.software, None, is_by_machine(text, *seen.span()))
    return None


def _without_messages(text: str, clients: Sequence[_Row], *, is_failure: bool) -> str:
    """The text without what clients say."""
    for row, _ in clients:
        is_tried = is_failure and effect_of(row.diagnosis) is Effect.OTHER_PORT
        text = row.pattern.sub(_leaving_hosts(_FAILED if is_tried else _SAID), text)
    return text


def _leaving_hosts(said: str) -> Callable[[re.Match[str]], str]:
    """What stands in place of a message: the hosts that it spans stay."""
    return lambda match: " ".join([said, *_HOSTS.findall(match[0]), ""])


_HOSTS = re.compile(r"\b(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?::\d{2,5})?\b")


def _without_replies(text: str) -> tuple[str, str]:
    """The text up to the first reply that is quoted, and what is quoted."""
    found = REPLY.search(text)
    if found is None:
        return text, ""
    return text[: found.start()] + text[found.end() :], _RECIPIENT.sub(" ", found[2] if found[1] else found[4])


_RECIPIENT = re.compile(r"(?:\b(?:for|to) |<)[^\s<>@]{1,64}@[\w.-]{1,255}")
"""Whoever the mail is for says nothing of who takes it in."""


def _foremost(peers: list[Peer]) -> Peer | None:
    """The peer that the report is about: a destination, then one's own side, then any."""
    return min(peers, key=lambda peer: _RANK.index(peer.kind), default=None)


_RANK = (
    PeerKind.DESTINATION,
    PeerKind.EXCHANGER,
    PeerKind.OWN_MACHINE,
    PeerKind.DOCKER_HOST,
    PeerKind.PRIVATE,
    PeerKind.SERVER,
)
