"""What the message of a check and its details have in common."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from commands.blocks import Block, date
from commands.plural import plural
from commands.slack_text import clean, escape
from commands.smtpcheck.address.target import is_address
from commands.smtpcheck.result import english
from commands.smtpcheck.result.sentences import is_said, message_of, summary_of, tls_number
from commands.smtpcheck.stored.document import Document

TABLE_HEAD = ("Port", "State", "TLS", "Login", "Time")


DEEP_WAITS = "waits up to 35 s for each greeting and takes up to 2 min in all"
"""What a deep check does, in words (`wire.session.DEEP`)."""

TLS_UP = "works"
"""TLS in the table where the handshake was finished and the server hung up before its version could be read."""

NOT_ANNOUNCED = "not announced"
"""TLS in the table where a further connection came to it without its announcement."""

CLIENT_TLS: Mapping[str, str] = {"implicit": "SSL/TLS", "starttls": "STARTTLS (required)", "none": "no TLS"}
"""The modes as mail clients call them."""


def rows(document: Document) -> list[tuple[str, str, str, str, str]]:
    """The lines below `TABLE_HEAD`."""
    names = zip(labels(document), document["endpoints"], strict=True)
    return [row(label, endpoint) for label, endpoint in names]


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
    state = english.STATES.get(endpoint["state"], endpoint["state"])
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
    if any(finding["code"] == "hidden_starttls" for finding in endpoint["findings"]):
        return NOT_ANNOUNCED
    if tls["state"] != "ok":
        return english.TLS_STATES.get(tls["state"], tls["state"])
    found = tls["certificate"]
    version = tls["version"] or TLS_UP
    return f"{version}, {_certificate_words(found)}" if found else str(version)


def _certificate_words(found: Document) -> str:
    days = found["days_left"]
    if days is None or days < 0:
        return "expired" if days is not None else "bad certificate"
    if not found["name_matches"]:
        return "wrong name"
    return plural(days, "day") if found["trusted"] else "not trusted"


def _login_words(auth: Document) -> str:
    if auth["after_tls"]:
        return " ".join(auth["after_tls"])
    return f"{' '.join(auth['before_tls'])} (in clear)" if auth["before_tls"] else "–"


def time_words(timings: Mapping[str, float]) -> str:
    """The sum of these milliseconds: `34 ms` or `1.2 s`."""
    total = sum(timings.values())
    return f"{total / 1000:.1f} s" if total >= 1000 else f"{total:.0f} ms"


NAMES_SHOWN = 2
NAME_REFUSED = "the server refuses clients that name it in the handshake, as most do (see the findings)"
REFUSED = "clients that verify the certificate refuse it (see the findings)"


def client_settings(document: Mapping[str, Any]) -> str:
    """One line; nothing where only other servers are served. What clients refuse is not given as if it worked."""
    chosen = document["recommended"]
    fitting = [
        endpoint
        for endpoint in document["endpoints"]
        if chosen and endpoint["port"] == chosen["port"] and endpoint["tls"] and endpoint["tls"]["state"] == "ok"
    ]
    if not fitting or chosen["port"] == 25:
        return ""
    best = min(fitting, key=lambda endpoint: len(endpoint["findings"]))
    certificate = best["tls"]["certificate"] or {}
    if is_address(best["host"]) and certificate and not certificate["name_matches"]:
        return _by_name(best, certificate)
    login = " or ".join(best["auth"]["after_tls"]) or "none offered"
    line = f"Client settings: {best['host']}, port {best['port']}, {CLIENT_TLS[chosen['tls']]}, login {login}"
    if any(finding["code"] == "sni_rejected" for finding in best["findings"]):
        return f"{line}; {NAME_REFUSED}"
    sound = certificate and certificate["trusted"] and certificate["name_matches"]
    return line if sound else f"{line}; {REFUSED}"


def _by_name(endpoint: Mapping[str, Any], certificate: Mapping[str, Any]) -> str:
    """A certificate rarely names an address, so who connects by one is refused by his own client."""
    head = f"No client settings for {endpoint['host']}: its certificate does not name the address."
    names = [name for name in certificate["names"] if not is_address(name)]
    if not names:
        return f"{head} It names no host either: clients that verify refuse it under any name."
    listed = " or ".join(names[:NAMES_SHOWN])
    also = "" if certificate["trusted"] else f" Even so {REFUSED}."
    return f"{head} Use the host name that it is for ({listed}), and check that one.{also}"


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


def worst_findings(document: Document) -> list[Document]:
    """All findings of the check, worst first, each sentence once and none that the summary already says.

    Where there are several hosts, or both address families, what is said of an endpoint names it.
    """
    found = {message_of(one): one for one in document["findings"]}
    where: dict[str, list[str]] = {}
    for label, endpoint in zip(labels(document), document["endpoints"], strict=True):
        for one in endpoint["findings"]:
            found[message_of(one)] = one
            where.setdefault(message_of(one), []).append(label)
    told = [_located(one, where.get(said, [])) for said, one in found.items() if not is_said(one, document)]
    return sorted(told, key=lambda finding: SEVERITY_ORDER.index(finding["severity"]))


def _located(finding: Document, where: Sequence[str]) -> Document:
    if all(label.isdecimal() for label in where):
        return finding
    more = f" and {len(where) - NAMED} more" if len(where) > NAMED else ""
    return {**finding, "message": f"{', '.join(where[:NAMED])}{more}: {message_of(finding)}"}


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
    """What to type to wait longer for greetings that did not come: `mail.example.com 25 deep`; or nothing."""
    points = [it for it in document["endpoints"] if any(one["code"] == "greeting_awaited" for one in it["findings"])]
    ports = dict.fromkeys(str(point["port"]) for point in points)
    return " ".join([document["target"], *ports, "deep"]) if ports else ""


UNSWEPT = (
    "TLS versions were not asked for on {ports}: a deep check sweeps one port of each TLS mode. Check one alone to "
    "learn them."
)


VERSION_LISTS: Mapping[str, str] = {"yes": "accepts TLS {}", "no": "refuses {}", "unknown": "not known: {}"}


def versions_words(versions: Mapping[str, str]) -> str:
    """`accepts TLS 1.2, 1.3; refuses 1.0, 1.1`."""
    told = {answer: [tls_number(name) for name, said in versions.items() if said == answer] for answer in VERSION_LISTS}
    parts = [VERSION_LISTS[answer].format(", ".join(numbers)) for answer, numbers in told.items() if numbers]
    return "; ".join(parts).replace("refuses ", "refuses TLS ", 0 if told["yes"] else 1)


def version_lines(document: Document) -> list[str]:
    """A line for every port whose TLS versions were asked for; it names the host where there are several."""
    several = len({endpoint["host"] for endpoint in document["endpoints"]}) > 1
    of = " of {host}" if several else ""
    lines = [
        f"Port {endpoint['port']}{of.format(**endpoint)} {versions_words(endpoint['tls']['versions'])}."
        for endpoint in document["endpoints"]
        if endpoint["tls"] and endpoint["tls"].get("versions")
    ]
    return [*lines, *_not_swept(document, several=several)]


def _not_swept(document: Document, *, several: bool) -> list[str]:
    """The ports with TLS that were not asked: one port of each TLS mode is, so that a check stays short."""
    secure = [point for point in document["endpoints"] if point["tls"] and point["tls"]["state"] == "ok"]
    swept = {(point["host"], point["port"]) for point in secure if point["tls"].get("versions")}
    left = [point for point in secure if (point["host"], point["port"]) not in swept]
    if not swept or not left:
        return []
    names = dict.fromkeys(f"{it['port']} of {it['host']}" if several else str(it["port"]) for it in left)
    return [UNSWEPT.format(ports=", ".join(names))]
