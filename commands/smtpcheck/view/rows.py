"""The table of ports: one line for every endpoint, in Slack and in the terminal."""

from collections import Counter
from collections.abc import Mapping

from commands.smtpcheck.result import english
from commands.smtpcheck.result.sentences import plural
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.view import wording

TABLE_HEAD = ("Port", "State", "TLS", "Login", "Time")


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
        return wording.NOT_ANNOUNCED
    if tls["state"] != "ok":
        return english.TLS_STATES.get(tls["state"], tls["state"])
    found = tls["certificate"]
    version = tls["version"] or wording.TLS_UP
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
