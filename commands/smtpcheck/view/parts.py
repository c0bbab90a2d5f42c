"""What the message of a check and its details have in common."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from commands.blocks import Block, date
from commands.plural import plural
from commands.slack_text import clean, escape
from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.result.document import Service, Shown, certificate_kind, reached, seen_in, service_in
from commands.smtpcheck.result.findings import RELAY, Code
from commands.smtpcheck.result.health import WAITED_FOR, health
from commands.smtpcheck.result.scales import Health
from commands.smtpcheck.result.sentences.choice import message_of, summary_of, tls_number
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.result.states import State, TlsState
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.wire.connection import mode_of
from storage.entries import LOCAL


class Row(NamedTuple):
    """What the table says of a port, or its head. What is not known is `NOTHING`."""

    port: str
    state: str
    tls: str
    certificate: str
    login: str
    time: str

    @property
    def line(self) -> str:
        """All that is known."""
        return " · ".join(in_words(name, cell) for name, cell in self._asdict().items() if cell != NOTHING)


def in_words(column: str, cell: str) -> str:
    """A cell without its head."""
    return WORDS.WITHOUT_HEAD.get(column, "{}").format(cell)


NOTHING = "–"
TABLE_HEAD = Row("Port", "State", "TLS", "Cert", "Login", "Time")


class Alike(NamedTuple):
    """Addresses of a host and port at which clients find the same: `points` are some of those that were asked (`of`).

    `host` is empty where there is one alone; `addresses` are all of the host that were asked on any port.
    """

    host: str
    points: list[Document]
    of: list[Document]
    addresses: list[str]

    @property
    def ports(self) -> str:
        return ", ".join(dict.fromkeys(str(point["port"]) for point in self.points))

    @property
    def place(self) -> str:
        return f"{self.ports} {self.host}".strip()

    @property
    def label(self) -> str:
        """What its row is called: `587`, `587, 2 of 3 addresses`, `587 IPv6` or `587 192.0.2.7`."""
        count = len({point["address"] for point in self.points})
        if len(self.addresses) > 1 and count > 1:
            return f"{self.place}, {WORDS.ADDRESSES.format(count=count, of=len(self.addresses))}"
        return self.name_of(self.points[0])

    def name_of(self, point: Document) -> str:
        """What one of its addresses is called."""
        return f"{self.place} {_family_or_address(point, self.addresses)}" if len(self.addresses) > 1 else self.place

    @property
    def name(self) -> str:
        """What it is called before a sentence: the port alone where that is true of all addresses."""
        return self.place if len(self.points) == len(self.of) else self.label


def _family_or_address(point: Document, addresses: Sequence[str]) -> str:
    """`IPv6` for the only address of its family, else the address."""
    six = ":" in point["address"]
    alone = [":" in address for address in addresses].count(six) == 1
    return ("IPv6" if six else "IPv4") if alone else str(point["address"])


def alike(document: Document) -> list[Alike]:
    """The addresses of each host and port where they are alike, without those that we have no way to."""
    places = reached(document["endpoints"])
    hosts: dict[str, dict[str, None]] = {}
    for (host, _), points in places.items():
        hosts.setdefault(host, {}).update(dict.fromkeys(str(point["address"]) for point in points))
    found: list[Alike] = []
    for (host, _), points in places.items():
        groups: dict[Service, list[Document]] = {}
        for point in points:
            groups.setdefault(service_in(point), []).append(point)
        named = host if len(hosts) > 1 else ""
        found += [Alike(named, group, points, list(hosts[host])) for group in groups.values()]
    return found


def _with_ports(groups: Sequence[Alike]) -> list[Alike]:
    """The same addresses that are no better on another port share a row."""
    found: dict[tuple[Any, ...], Alike] = {}
    for number, group in enumerate(groups):
        state = group.points[0]["state"]
        partly = len(group.points) < len(group.of) and state != State.OPEN
        key = (group.host, state, *(point["address"] for point in group.points)) if partly else (number,)
        other = found.get(key)
        found[key] = other._replace(points=[*other.points, *group.points]) if other else group
    return list(found.values())


def rows(document: Document) -> list[Row]:
    """The lines below `TABLE_HEAD`, each with the mark of what the port comes to."""
    shown = [(group, _worst(group.points)) for group in _with_ports(alike(document))]
    return [row(f"{mark(worst)} {group.label}", worst) for group, worst in shown]


def _worst(points: Sequence[Document]) -> Document:
    """The one to show of those that are alike: with the certificate that ends first, and the longest time."""
    return min(points, key=lambda point: (_days_left(point), -sum(point["timings_ms"].values())))


def _days_left(point: Document) -> int:
    certificate = (point["tls"] or {}).get("certificate") or {}
    days = certificate.get("days_left")
    return days if isinstance(days, int) else 0


def mark(endpoint: Document) -> str:
    """What a port comes to, in one character. A port that works, with a finding that is an error, has faults."""
    comes_to = health(seen_in(endpoint))
    flawed = comes_to is Health.UP and any(one["severity"] in GRAVE for one in endpoint["findings"])
    return WORDS.MARKS[Health.FAULTY if flawed else comes_to]


def row(label: str, endpoint: Document) -> Row:
    """One line of the table of ports; the terminal shows the same."""
    state = WORDS.STATES.get(endpoint["state"], endpoint["state"])
    return Row(
        label,
        state,
        _tls_words(endpoint),
        _certificate_words(endpoint),
        _login_words(endpoint["auth"]),
        time_words(endpoint["timings_ms"]),
    )


def _tls_words(endpoint: Document) -> str:
    tls = endpoint["tls"]
    if tls is None:
        return NOTHING
    if any(finding["code"] == Code.HIDDEN_STARTTLS for finding in endpoint["findings"]):
        return WORDS.NOT_ANNOUNCED
    if tls["state"] != TlsState.OK:
        return WORDS.TLS_STATES.get(tls["state"], tls["state"])
    up = tls_number(tls["version"]) if tls["version"] else WORDS.TLS_UP
    unusual = tls.get("mode") == "implicit" != mode_of(endpoint["port"])
    return WORDS.FROM_THE_FIRST_BYTE.format(tls=up) if unusual else up


def _certificate_words(endpoint: Document) -> str:
    tls = endpoint["tls"] or {}
    found = tls.get("certificate")
    if not found or tls["state"] != TlsState.OK:
        return NOTHING
    days = found["days_left"]
    kind = certificate_kind(Shown(days, found["name_matches"], found["trusted"]))
    return WORDS.CERTIFICATES[kind].format(days=plural(days or 0, "day"))


def _login_words(auth: Document) -> str:
    if auth["after_tls"]:
        return " ".join(auth["after_tls"])
    in_clear = " ".join(auth["before_tls"])
    return WORDS.LOGIN_IN_CLEAR.format(mechanisms=in_clear) if in_clear else NOTHING


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
GRAVE = frozenset({"error", "danger"})


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


def when(document: Document) -> str:
    """When, how long and from where. mrkdwn."""
    started = datetime.fromisoformat(document["started_at"])
    shown = date(started.timestamp(), started.strftime("%Y-%m-%d %H:%M UTC"))
    elapsed = time_words({"all": document["elapsed_ms"]})
    where = "" if document["vantage"] == LOCAL else f" from {escape(document['vantage'])}"
    return f"Checked {shown} in {elapsed}{where}."


def again(document: Document) -> str:
    """Target, ports, depth and place, as they would be typed."""
    ports = dict.fromkeys(str(point["port"]) for point in document["endpoints"])
    return " ".join([document["target"], *ports, *(["deep"] if document.get("deep") else []), *_from(document)])


def _from(document: Document) -> list[str]:
    return [] if document["vantage"] == LOCAL else ["from", document["vantage"]]


def patiently(document: Document) -> str:
    """What to type to wait longer for replies that did not come: `mail.example.com 25 deep`; or nothing."""
    points = [it for it in document["endpoints"] if any(one["code"] in WAITED_FOR for one in it["findings"])]
    ports = dict.fromkeys(str(point["port"]) for point in points)
    return " ".join([document["target"], *ports, "deep", *_from(document)]) if ports else ""


def announced(document: Document) -> list[str]:
    """What to type to check where DNS sends clients, and nobody looked: `smtp.example.net 465 587`."""
    hosts: dict[str, list[str]] = {}
    for one in document["findings"]:
        if one["code"] == Code.SRV_OFFERED and one.get("params", {}).get("to_check"):
            host, _, port = str(one["params"]["to_check"]).rpartition(":")
            hosts.setdefault(host, []).append(port)
    return [" ".join([host, *ports, *_from(document)]) for host, ports in hosts.items()]
