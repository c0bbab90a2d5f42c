"""What the message of a check and its details have in common."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from commands.blocks import Block, date
from commands.plural import plural
from commands.slack_text import clean, escape
from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.result.document import seen_in
from commands.smtpcheck.result.findings import RELAY, Code
from commands.smtpcheck.result.health import WAITED_FOR, health
from commands.smtpcheck.result.scales import Health
from commands.smtpcheck.result.sentences.choice import is_said, message_of, shown, summary_of, tls_number
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.result.states import TlsState
from commands.smtpcheck.stored.document import Document

TABLE_HEAD = ("Port", "State", "TLS", "Login", "Time")


def rows(document: Document) -> list[tuple[str, str, str, str, str]]:
    """The lines below `TABLE_HEAD`, each with the mark of what the port comes to."""
    names = zip(labels(document), document["endpoints"], strict=True)
    return [row(f"{mark(endpoint)} {label}", endpoint) for label, endpoint in names]


def mark(endpoint: Document) -> str:
    """What a port comes to, in one character. A port that works, with a finding that is an error, has faults."""
    comes_to = health(seen_in(endpoint))
    flawed = comes_to is Health.UP and any(one["severity"] in GRAVE for one in endpoint["findings"])
    return WORDS.MARKS[Health.FAULTY if flawed else comes_to]


def labels(document: Document) -> list[str]:
    """What each endpoint is called: its port, its host where there are several, and IPv6 beside IPv4 on one port."""
    points = document["endpoints"]
    several = len({point["host"] for point in points}) > 1
    found = Counter((point["host"], point["port"]) for point in points)
    names = []
    for point in points:
        twice = found[point["host"], point["port"]] > 1
        family = ("IPv6" if ":" in point["address"] else "IPv4") if twice else ""
        names.append(" ".join(filter(None, (str(point["port"]), point["host"] if several else "", family))))
    return names


def row(label: str, endpoint: Document) -> tuple[str, str, str, str, str]:
    """One line of the table of ports; the terminal shows the same."""
    state = WORDS.STATES.get(endpoint["state"], endpoint["state"])
    return (
        label,
        state,
        _tls_words(endpoint),
        _login_words(endpoint["auth"]),
        time_words(endpoint["timings_ms"]),
    )


def _tls_words(endpoint: Document) -> str:
    tls = endpoint["tls"]
    if tls is None:
        return "–"
    if any(finding["code"] == Code.HIDDEN_STARTTLS for finding in endpoint["findings"]):
        return WORDS.NOT_ANNOUNCED
    if tls["state"] != TlsState.OK:
        return WORDS.TLS_STATES.get(tls["state"], tls["state"])
    found = tls["certificate"]
    version = tls["version"] or WORDS.TLS_UP
    return f"{version}, {_certificate_words(found)}" if found else str(version)


def _certificate_words(found: Document) -> str:
    days = found["days_left"]
    return WORDS.CERTIFICATES[_certificate_kind(found, days)].format(days=plural(days or 0, "day"))


def _certificate_kind(found: Document, days: int | None) -> str:
    """Which of `WORDS.CERTIFICATES` says most of a certificate."""
    if days is None or days < 0:
        return "unreadable" if days is None else "expired"
    if not found["name_matches"]:
        return "wrong_name"
    return "trusted" if found["trusted"] else "untrusted"


def _login_words(auth: Document) -> str:
    if auth["after_tls"]:
        return " ".join(auth["after_tls"])
    in_clear = " ".join(auth["before_tls"])
    return WORDS.LOGIN_IN_CLEAR.format(mechanisms=in_clear) if in_clear else "–"


def time_words(timings: Mapping[str, float]) -> str:
    """The sum of these milliseconds: `34 ms` or `1.2 s`."""
    total = sum(timings.values())
    return f"{total / 1000:.1f} s" if total >= 1000 else f"{total:.0f} ms"


NAMES_SHOWN = 2


def client_settings(document: Mapping[str, Any]) -> str:
    """One line; nothing where only other servers are served. What clients refuse is not given as if it worked."""
    chosen = document["recommended"]
    fitting = [
        endpoint
        for endpoint in document["endpoints"]
        if chosen and endpoint["port"] == chosen["port"] and endpoint["tls"] and endpoint["tls"]["state"] == TlsState.OK
    ]
    if not fitting or chosen["port"] == RELAY:
        return ""
    best = min(fitting, key=lambda endpoint: len(endpoint["findings"]))
    certificate = best["tls"]["certificate"] or {}
    names = [name for name in certificate.get("names", ()) if not is_address(name)]
    return WORDS.CLIENT_SETTINGS[_settings_kind(best, certificate, names)].format(
        host=best["host"],
        port=best["port"],
        tls=WORDS.CLIENT_TLS[chosen["tls"]],
        login=" or ".join(best["auth"]["after_tls"]) or WORDS.NO_LOGIN,
        names=" or ".join(names[:NAMES_SHOWN]),
    )


def _settings_kind(endpoint: Document, certificate: Document, names: Sequence[str]) -> str:
    """Which of `WORDS.CLIENT_SETTINGS` is true of an endpoint."""
    if is_address(endpoint["host"]) and certificate and not certificate["name_matches"]:
        trusted = "address" if certificate["trusted"] else "address_untrusted"
        return trusted if names else "address_without_name"
    if any(finding["code"] == Code.SNI_REJECTED for finding in endpoint["findings"]):
        return "name_refused"
    sound = certificate and certificate["trusted"] and certificate["name_matches"]
    return "sound" if sound else "certificate_refused"


VERDICT_ICONS: Mapping[str, str] = {
    "ok": ":white_check_mark:",
    "degraded": ":warning:",
    "failed": ":x:",
    "blocked_here": ":no_entry:",
    "unknown": ":grey_question:",
}
SEVERITY_ICONS: Mapping[str, str] = {
    "danger": ":rotating_light:",
    "error": ":x:",
    "warning": ":warning:",
    "notice": ":information_source:",
    "info": ":small_blue_diamond:",
}
FINDING_TEXT = 800
NAMED = 3
"""Endpoints that are named of those that a sentence is true of."""

TWO = 2
GRAVE = frozenset({"error", "danger"})
OF_ONE_PLACE = ("port", "seconds", "waited")
"""Parameters in which the same finding differs from port to port."""

SEVERITY_ORDER = ("danger", "error", "warning", "notice", "info")


def headline(document: Document) -> str:
    """The summary behind the icon of its verdict. mrkdwn."""
    target, summary = escape(document["target"]), escape(summary_of(document))
    return f"{VERDICT_ICONS[document['verdict']]} {summary.replace(target, f'*{target}*', 1)}"


def sentences(findings: Sequence[Document]) -> str:
    """A line for each finding. mrkdwn."""
    return "\n".join(f"{SEVERITY_ICONS[found['severity']]} {escape(message_of(found))}" for found in findings)


def findings_block(findings: Sequence[Document]) -> Block:
    """A line for each finding. They quote servers and certificates, so nothing in them is parsed."""
    return {"type": "rich_text", "elements": [_line(found) for found in findings]}


def _line(found: Document) -> Block:
    icon = {"type": "emoji", "name": SEVERITY_ICONS[found["severity"]].strip(":")}
    said = {"type": "text", "text": f" {clean(message_of(found), FINDING_TEXT)}"}
    return {"type": "rich_text_section", "elements": [icon, said]}


class Told(NamedTuple):
    """A finding, and the labels of the endpoints that it is true of; none where it is about the whole target."""

    finding: Document
    where: list[str]

    @property
    def names_port(self) -> bool:
        """Whether its sentence names the port itself, and nothing beside a port has to be named."""
        return "port" in shown(self.finding["code"]) and all(label.isdecimal() for label in self.where)

    @property
    def message(self) -> str:
        """Its sentence; where that names one of several ports, with the others behind it."""
        said = message_of(self.finding)
        if len(self.where) < TWO or not self.names_port:
            return said
        return f"{said} {WORDS.SAME_ON.format(places=', '.join(self.where[1:]))}"


def told_once(document: Document) -> list[Told]:
    """All findings of a check, worst first: what differs in port and time alone once, nothing that the summary says."""
    every = [("", one) for one in document["findings"]]
    for label, endpoint in zip(labels(document), document["endpoints"], strict=True):
        every += [(label, one) for one in endpoint["findings"]]
    found: dict[tuple[str, str], Told] = {}
    for label, one in every:
        if not is_said(one, document):
            told = found.setdefault((one["severity"], _anywhere(one)), Told(one, []))
            told.where.extend([label] if label else [])
    return sorted(found.values(), key=lambda told: SEVERITY_ORDER.index(told.finding["severity"]))


def _anywhere(finding: Document) -> str:
    """What it says but for where and how long."""
    params = finding.get("params") or {}
    return message_of({**finding, "params": {**params, **{name: 0 for name in OF_ONE_PLACE if name in params}}})


def worst_findings(document: Document) -> list[Document]:
    """`told_once` in words, each at its worst. Of several hosts or address families the one that is meant is named."""
    found = {_located(told): told.finding for told in reversed(told_once(document))}
    return [{**finding, "message": said} for said, finding in reversed(found.items())]


def _located(told: Told) -> str:
    if all(label.isdecimal() for label in told.where):
        return told.message
    more = f" and {len(told.where) - NAMED} more" if len(told.where) > NAMED else ""
    return f"{', '.join(told.where[:NAMED])}{more}: {told.message}"


def when(document: Document) -> str:
    """When, how long and from where. mrkdwn."""
    started = datetime.fromisoformat(document["started_at"])
    shown = date(started.timestamp(), started.strftime("%Y-%m-%d %H:%M UTC"))
    elapsed = time_words({"all": document["elapsed_ms"]})
    where = "" if document["vantage"] == "local" else f" from {escape(document['vantage'])}"
    return f"Checked {shown} in {elapsed}{where}."


def again(document: Document) -> str:
    """Target, ports and depth, as they would be typed."""
    ports = dict.fromkeys(str(point["port"]) for point in document["endpoints"])
    return " ".join([document["target"], *ports, *(["deep"] if document.get("deep") else [])])


def patiently(document: Document) -> str:
    """What to type to wait longer for replies that did not come: `mail.example.com 25 deep`; or nothing."""
    points = [it for it in document["endpoints"] if any(one["code"] in WAITED_FOR for one in it["findings"])]
    ports = dict.fromkeys(str(point["port"]) for point in points)
    return " ".join([document["target"], *ports, "deep"]) if ports else ""


def version_lines(document: Document) -> list[str]:
    """Versions and older suites of every port that was swept; the host is named where there are several."""
    several = len({endpoint["host"] for endpoint in document["endpoints"]}) > 1
    swept = [(WORDS.PORT_OF[several].format(**it), it["tls"]) for it in document["endpoints"] if it["tls"]]
    lines = [versions_line(place, tls["versions"]) for place, tls in swept if tls.get("versions")]
    lines += [suites_line(place, tls["suites"]) for place, tls in swept if tls.get("suites")]
    return [*lines, *_not_swept(document, several=several)]


def versions_line(place: str, versions: Mapping[str, str]) -> str:
    """`Port 587 accepts TLS 1.2, 1.3; refuses 1.0, 1.1.`."""
    return _told(WORDS.TLS_VERSIONS, place, {tls_number(name): answer for name, answer in versions.items()})


def suites_line(place: str, suites: Mapping[str, str]) -> str:
    """`Port 587, older suites: refuses without encryption, export, DES, RC4, 3DES.`."""
    return _told(WORDS.OLDER_SUITES, place, {WORDS.SUITES.get(name, name): answer for name, answer in suites.items()})


def _told(texts: Mapping[str, str], place: str, answers: Mapping[str, str]) -> str:
    """What of it is accepted, refused and not known, in the text that has these."""
    told = {
        answer: ", ".join(name for name, said in answers.items() if said == answer)
        for answer in ("yes", "no", "unknown")
    }
    key = " ".join(answer for answer, names in told.items() if names)
    return texts.get(key, texts["unknown"]).format(place=place, **told)


def _not_swept(document: Document, *, several: bool) -> list[str]:
    """The ports with TLS that were not asked: one port of each TLS mode is, so that a check stays short."""
    secure = [point for point in document["endpoints"] if point["tls"] and point["tls"]["state"] == TlsState.OK]
    swept = {(point["host"], point["port"]) for point in secure if point["tls"].get("versions")}
    left = [point for point in secure if (point["host"], point["port"]) not in swept]
    if not swept or not left:
        return []
    names = dict.fromkeys(f"{it['port']} of {it['host']}" if several else str(it["port"]) for it in left)
    return [WORDS.UNSWEPT.format(ports=", ".join(names))]
