"""The words of the history: what a change means, and what stands at either side of it. Data, and how it is put in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from commands.history.changes import Change, Document
from commands.plural import plural
from commands.record_names import RECORD_NAMES
from commands.slack_text import clean
from commands.smtpcheck.result.document import seen_in
from commands.smtpcheck.result.health import carries_mail
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.result.states import State, TlsState
from storage.queries import MOST_COUNTED, MOST_OF_RUN

MODES = {"starttls": "STARTTLS", "implicit": "implicit TLS", "none": "no TLS"}
VERDICT_ICONS: Mapping[str, str] = {
    "ok": ":white_check_mark:",
    "notice": ":white_check_mark:",
    "degraded": ":warning:",
    "warning": ":warning:",
    "failed": ":x:",
    "error": ":x:",
    "danger": ":rotating_light:",
    "blocked_here": ":no_entry:",
    "unknown": ":grey_question:",
}
TLS: Mapping[str | None, str] = {**dict(WORDS.TLS_STATES.items()), None: "none", "ok": "works"}

TITLES: Mapping[str, str] = {
    "verdict": "Verdict",
    "name": "Name",
    "mx": "MX hosts",
    "host": "Host",
    "addresses": "Addresses",
    "policy": "Mail policy",
    "recommended": "Port to use",
    "state": "Port",
    "apart": "Address",
    "tls": "TLS",
    "version": "TLS version",
    "renewed": "Certificate, valid until",
    "certificate": "Certificate, valid until",
    "ended": "Certificate, valid until",
    "issuer": "Issuer",
    "trusted": "Certificate trusted",
    "name_matches": "Name matches",
    "logins": "Logins",
    "clear_logins": "Logins in clear",
    "fallbacks": "Fallbacks",
    "avoid": "Avoid",
    "finding": "Findings",
    "asked": "Port",
    "outgoing": "Outgoing",
    "found": "Finding",
    "fault": "Finding",
    "record": "Record",
}

Say = Callable[[Any], str]


def _day(value: Any) -> str:
    return str(value or "unknown")[:10]


def _yes(value: Any) -> str:
    return "yes" if value else "no"


def _listed(value: Any) -> str:
    return ", ".join(clean(str(each), 80) for each in (value or [])[:8]) or "none"


def _port(value: Any) -> str:
    port, _, mode = str(value or "").partition(" ")
    return f"{port} with {MODES.get(mode, mode)}" if port else "none"


def _text(value: Any) -> str:
    return clean(str(value), 120) if value is not None else "–"


def _fault_of(code: str) -> str:
    return WORDS.FAULTS.get(code, _text(code).replace("_", " "))


LIKE_OTHERS = "like the others"

SAYINGS: Mapping[str, Say] = {
    "verdict": lambda value: WORDS.VERDICTS.get(value, _text(value)),
    "name": lambda value: _fault_of(value) if value else "found",
    "mx": _listed,
    "addresses": _listed,
    "policy": lambda value: _listed([each.replace("_", " ") for each in value or []]),
    "recommended": _port,
    "state": lambda value: WORDS.STATES.get(value, _text(value)),
    "apart": lambda value: WORDS.APART.get(value, WORDS.STATES.get(value, _text(value))) if value else LIKE_OTHERS,
    "tls": lambda value: TLS.get(value, _text(value)),
    "renewed": _day,
    "certificate": _day,
    "ended": _day,
    "trusted": _yes,
    "name_matches": _yes,
    "logins": _listed,
    "clear_logins": _listed,
    "fallbacks": _listed,
    "avoid": _listed,
    "asked": lambda value: WORDS.STATES.get(value, _text(value)) if value else "not asked",
    "outgoing": lambda value: _text(value) if value else "not asked",
    "found": lambda value: clean(value, 300) if value else "–",
    "record": _listed,
    "fault": lambda value: _fault_of(value) if value else "–",
}


def sides(change: Change) -> tuple[str, str, str]:
    """The title of a change and what stands before and after it, for a table."""
    say = SAYINGS.get(change.code, _text)
    title = TITLES.get(change.code, change.code)
    if change.place:
        title = f"{clean(change.place, 80)}: {title}" if change.code != "finding" else clean(change.place, 80)
    return title, say(change.before), say(change.after)


def sentences(found: Sequence[Change]) -> list[str]:
    """A clause for each change; ports that changed alike share one: `25, 587: no answer (before: open)`."""
    alike: dict[tuple[str, str], list[str]] = {}
    for change in found:
        _, before, after = sides(change)
        host = change.place.partition(" ")[2] if change.code != "finding" else ""
        place = change.place.removesuffix(f" {host}") if host else change.place
        place = RECORD_NAMES.get(place, place) if change.code == "record" else place
        alike.setdefault((host, _clause(change, before, after)), []).append(clean(place, 80))
    return [_placed(places, host, clause) for (host, clause), places in alike.items()]


def _placed(places: Sequence[str], host: str, clause: str) -> str:
    """Without a place for what concerns the whole result."""
    listed = ", ".join(place for place in places if place)
    head = f"{listed} {clean(host, 80)}".strip()
    return f"{head}: {clause}" if head else clause


def _clause(change: Change, before: str, after: str) -> str:
    sides = ((change.before, change.after), (change.before, ANY), (ANY, change.after), (ANY, ANY))
    found = (CLAUSES.get((change.code, *map(_hashable, pair))) for pair in sides)
    words = next((words for words in found if words), "{title} {after} (before: {before})")
    return words.format(before=before, after=after, title=_in_sentence(TITLES.get(change.code, change.code)))


def _in_sentence(title: str) -> str:
    """`issuer`, but `MX hosts`."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


ANY = "*"
CLAUSES: Mapping[tuple[str, Any, Any], str] = {
    ("state", ANY, ANY): "{after} (before: {before})",
    ("apart", ANY, ANY): "{after} (before: {before})",
    ("record", ANY, ANY): "{after} (before: {before})",
    ("recommended", ANY, None): "no port to use any more (before: {before})",
    ("name", ANY, None): "the name is found again (before: {before})",
    ("name", None, ANY): "{after} (before: the name was found)",
    ("name", ANY, ANY): "{after} (before: {before})",
    ("verdict", ANY, ANY): "it {after} (before: it {before})",
    ("host", None, ANY): "{after} is new",
    ("host", ANY, None): "{before} is not there any more",
    ("tls", "ok", "not_offered"): "STARTTLS gone (before: it worked)",
    ("tls", "not_offered", "ok"): "STARTTLS is offered again (before: not)",
    ("tls", "ok", ANY): "TLS does not work any more ({after})",
    ("tls", ANY, "ok"): "TLS works again (before: {before})",
    ("renewed", ANY, ANY): "certificate renewed, valid until {after} (before: until {before})",
    ("certificate", ANY, ANY): "another certificate, valid until {after} (before: until {before})",
    ("ended", ANY, ANY): "the certificate has ended ({after})",
    ("trusted", True, False): "the certificate is not trusted any more",
    ("trusted", False, True): "the certificate is trusted now",
    ("name_matches", True, False): "the certificate has a wrong name now",
    ("name_matches", False, True): "the certificate has the right name now",
    ("logins", ANY, ()): "no logins any more (before: {before})",
    ("logins", (), ANY): "logins {after} (before: none)",
    ("clear_logins", (), ANY): "logins in clear: {after} (before: none)",
    ("clear_logins", ANY, ()): "no logins in clear any more (before: {before})",
    ("fault", None, ANY): "{after} (not before)",
    ("fault", ANY, None): "no longer: {before}",
    ("finding", ANY, 0): "no finding any more",
    ("finding", 0, ANY): "new, {after}",
    ("finding", ANY, ANY): "{after} (before: {before})",
}
"""By the code and by what stood there before and stands there now."""


def faults(document: Document) -> str:
    """`465 certificate for another name; 587 TLS not offered`: what is wrong with what is open, or with the name.

    A port that is not open says so by its state. "": nothing that matters.
    """
    found: dict[str, dict[tuple[str, int], None]] = {}
    for place, words in _faults(document):
        found.setdefault(words, {})[place] = None
    hosts = {str(each.get("host")) for each in document.get("endpoints", ())}
    said = [_fault(words, tuple(places), len(hosts) > 1) for words, places in found.items()]
    if fine := document.get("fine_from"):
        said.insert(0, ONE_PATH.format(places=clean(" and ".join(map(str, fine)), 80)))
    return "; ".join(said[:FAULTS_SHOWN]) + (f"; {len(said) - FAULTS_SHOWN} more" if len(said) > FAULTS_SHOWN else "")


FAULTS_SHOWN = 3
ONE_PATH = "fine from {places}: one path, not the host"
_MATTER = ("danger", "error", "warning")


def _faults(document: Document) -> Iterator[tuple[tuple[str, int], str]]:
    """The place of each (none: the whole target), the worst first."""
    told = [(("", 0), each) for each in document.get("findings", ())]
    for endpoint in document.get("endpoints", ()):
        if endpoint.get("state") != State.OPEN:
            continue
        place = str(endpoint["host"]), int(endpoint["port"])
        tls = (endpoint.get("tls") or {}).get("state")
        if tls and not carries_mail(seen_in(endpoint)) and tls != TlsState.OK:
            yield place, f"TLS {WORDS.TLS_STATES.get(tls, _text(tls))}"
        told += [(place, each) for each in endpoint.get("findings", ())]
    for severity in _MATTER:
        for place, each in told:
            if each.get("severity") == severity and (words := WORDS.FAULTS.get(str(each.get("code")))):
                yield place, words


def _fault(words: str, places: Sequence[tuple[str, int]], several: bool) -> str:
    ports = ", ".join(str(port) for port in sorted({port for _, port in places}) if port)
    hosts = {host for host, port in places if port}
    where = f"on {clean(next(iter(hosts)), 60)}" if several and len(hosts) == 1 else ""
    return " ".join(filter(None, (ports, words, where)))


def up_to(count: int, most: int = MOST_COUNTED) -> str:
    """`1,200`, `10,000 or more`: what was counted no further."""
    return f"{most:,} or more" if count >= most else f"{count:,}"


def results(count: int) -> str:
    """`8 results`, `1,200 or more results`: of equal ones in a row no more than `MOST_OF_RUN` are counted."""
    return f"{count:,} or more results" if count >= MOST_OF_RUN else plural(count, "result")
