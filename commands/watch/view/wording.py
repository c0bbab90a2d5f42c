"""The words of watches: states, codes of what is broken, silences, times. Remote text is escaped here (mrkdwn)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from commands.blocks import date
from commands.plural import by_count
from commands.slack_text import escape
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.times import shown_minutes, to_minute
from commands.watch.state.actions import FORGOTTEN
from commands.watch.state.baseline import ENDPOINTS, LEFT_OUT
from commands.watch.state.model import ANY, CANNOT_SEE, NETWORK_TARGET, PORTERO, UNKNOWN, Watch
from commands.watch.state.observation import NO_CONTROL, UNASKED
from storage.entries import LOCAL

CODE_WORDS: Mapping[str, str] = {
    **WORDS.STATES,
    **WORDS.FAULTS,
    **{f"tls_{state}": f"TLS {words}" for state, words in WORDS.TLS_STATES.items()},
    "tls_none": "no TLS",
    "tls_not_spoken": "no TLS",
    "tls_broken_temp": "TLS not now (454)",
    "tls_sni_rejected": "TLS refuses the name",
    "tls_wants_certificate": "TLS wants a client certificate",
    "tls_ok": "no certificate shown",
    "auth_not_offered": "no login offered any more",
    "blocked": "blocked on our network",
    "nothing_to_check": "nothing to connect to",
    **WORDS.NOT_CONNECTED,
    "too_often": "it was checked as often as this hour allows",
    "resting": "it refused us a short while ago and is left alone",
    "took_too_long": "the run took too long",
    NO_CONTROL: "no control host answers",
    UNASKED: "no control host could be asked",
    "no_second_place": "it is down from here, and no other place is connected that could agree",
}

CAUSES: Mapping[str, str] = {
    "rate_limited": "421",
    "temp_refused": "refused for now (4xx)",
    "not_finished": "we did not listen long enough",
    "not_begun": "we did not get to it",
    "held_up": "we were held up",
    "not_heard": "not heard",
    "no_answer": "no answer, and no control host says whose side it is",
    "unreachable": "no route",
    **dict.fromkeys(("dns_servfail", "dns_timeout", "mx_servfail", "mx_timeout"), "DNS fails"),
    CANNOT_SEE: "blocked on our network",
    UNKNOWN: "an error of ours",
}
"""Why something is not seen, where that says more than the words for its code."""

OF_PLACES: Mapping[str, str] = {
    "vantage_away": "{place} is not connected",
    "vantage_idle": "{place} is connected and takes no errand",
    "vantage_unreachable": "{place} cannot be asked: Portero has no connection to its NATS server",
    "vantage_refuses": "{place} does not check it: its settings, its addresses or its rates",
    "vantage_lost": "{place} went away in the middle",
    "vantage_late": "{place} did not end its check",
    "vantage_odd": "what {place} answered is no record",
    "second_unsure": "it is down from here, and {place} could not tell",
    "one_path": "down from {place}: one path, not the host",
}
"""Codes behind which stands a place, or one and another that sees it otherwise (`local>fra-1`)."""

TARGET = 120
MOST_GROUPS = 6

KIND_WORDS: Mapping[str, str] = {
    "check": "mail ports",
    "certificate": "certificates",
    "dns": "DNS records",
    "network": "outbound ports of our network",
}
LOOKS_AT: Mapping[str, str] = {
    "check": "mail ports that answer",
    "certificate": "certificates of the ports that answer",
    "dns": "DNS records",
    "network": "outbound ports of our network",
}
LOOKS_AT_PORTS: Mapping[str, tuple[str, str]] = {
    "check": ("mail port {ports}", "mail ports {ports}"),
    "certificate": ("certificates on port {ports}", "certificates on ports {ports}"),
    "dns": ("DNS records", "DNS records"),
    "network": ("outbound port {ports} of our network", "outbound ports {ports} of our network"),
}
RUNS = ("Alerts after the first failed run", "Alerts after {count} failed runs in a row")
ALERT_RULES: Mapping[str, tuple[str, str]] = {
    "check": RUNS,
    "network": RUNS,
    "certificate": (
        "Alerts 30, 14, 7, 3 and 1 days before a certificate ends, and after the first failed run",
        "Alerts 30, 14, 7, 3 and 1 days before a certificate ends, and after {count} failed runs in a row",
    ),
    "dns": (
        "Alerts when records change, as soon as a run sees it",
        "Alerts when records change, once {count} runs in a row have seen it",
    ),
}
NO_HANDLES: Mapping[str, str] = MappingProxyType({})
NOT_PEOPLE: Mapping[str, str] = {PORTERO: "Portero", FORGOTTEN: "somebody", "": "the terminal"}


def not_watched(target: str, reason: str) -> tuple[str, str]:
    """Why no run would ever connect to a target, and who can change that. `reason` is a code."""
    said, hint = WORDS.NOT_WATCHED.get(reason, WORDS.NOT_WATCHED["forbidden"])
    return said.format(target=target), hint


def name_of(watch: Watch) -> str:
    """What a watch looks at, as mrkdwn without emphasis."""
    return seen_name(watch.target, watch.vantage)


def called(target: str, vantage: str, kind: str, ports: Sequence[int], mark: str = "*") -> str:
    """`*mail.example.com from fra-1* 25, 587`: what tells one watch of a host from another."""
    what = "" if kind in {"check", "network"} else KIND_WORDS.get(kind, "")
    return " ".join(filter(None, (f"{mark}{seen_name(target, vantage)}{mark}", ports_of(ports), what)))


def seen_name(target: str, vantage: str) -> str:
    """A target, and from where it is seen, if that is not from this machine."""
    where = "any 2 places" if vantage == ANY else escape(vantage, TARGET)
    return target_name(target) + ("" if vantage == LOCAL else f" from {where}")


def target_name(target: str) -> str:
    return "our network" if target == NETWORK_TARGET else escape(target, TARGET)


def when(at: datetime) -> str:
    """A time in the reader's own zone."""
    return date(at.timestamp(), f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


def lasted(seconds: float) -> str:
    """`42m`, `1h 5m`; shorter than a minute counts as one: runs are not closer."""
    return shown_minutes(timedelta(seconds=seconds))


def between(since: datetime, until: datetime, less: timedelta = timedelta()) -> str:
    """The same from one time to another, as both are shown: to the minute. `less` is left out of it, in whole ones."""
    first, last = map(to_minute, (since, until))
    seconds = (last - first).total_seconds() - 60 * round(less.total_seconds() / 60)
    return lasted(seconds) if seconds >= 60 else "less than a minute"


def person(user: str) -> str:
    """A mention of a person; in edited and in private messages it alerts nobody."""
    return NOT_PEOPLE.get(user) or f"<@{escape(user, 40)}>"


def somebody(id: str, handles: Mapping[str, str] = NO_HANDLES) -> str:  # noqa: A002 - the name of the field
    """A person as a mention, which alerts nobody in edited and in private messages; a group never is one in a text."""
    if not id.startswith("S"):
        return person(id)
    return f"@{escape(handles[id], 80)}" if handles.get(id) else f"a user group ({escape(id, 40)})"


def link(url: str, label: str = "") -> str:
    """A URL of which the form was checked when it was typed; without a label it shows where it leads."""
    return f"<{url.replace('&', '&amp;')}{f'|{label}' if label else ''}>"


def broken(failing: Iterable[str], target: str) -> str:
    """`25, 587 no answer; mx2.example.com 25 refused`: the codes of an incident in words, as mrkdwn."""
    groups: dict[tuple[str, str], list[str]] = {}
    for code in sorted(failing, key=by_port):
        state, _, endpoint = code.partition(" ")
        host, _, port = endpoint.rpartition(":")
        host, port = (host, port) if port.isdecimal() else (endpoint, "")
        groups.setdefault(("" if host == target else host, state), []).append(port)
    said = [_group(host, state, ports) for (host, state), ports in groups.items()]
    more = f"; and {len(said) - MOST_GROUPS} more" if len(said) > MOST_GROUPS else ""
    return "; ".join(said[:MOST_GROUPS]) + more


def why_unseen(code: str) -> str:
    """`421`, `DNS fails`: why a run told nothing."""
    kind, _, place = code.partition(".")
    if place and kind in OF_PLACES:
        return escape(OF_PLACES[kind].format(place=place.replace(">", " and fine from ")), 120)
    return escape(CAUSES.get(code) or CODE_WORDS.get(code) or code.replace("_", " "), 80)


def places(endpoints: Sequence[str], target: str) -> str:
    """`25, 587; mx2.example.com 25`: endpoints without a word on their state."""
    hosts: dict[str, list[str]] = {}
    for host, _, port in (one.rpartition(":") for one in endpoints):
        hosts.setdefault("" if host == target else host, []).append(port)
    said = [" ".join(filter(None, (escape(host, TARGET), ", ".join(ports)))) for host, ports in hosts.items()]
    return "; ".join(said[:MOST_GROUPS]) + (f"; and {len(said) - MOST_GROUPS} more" if len(said) > MOST_GROUPS else "")


def by_port(code: str) -> tuple[str, int]:
    """How codes are sorted for people: by host, then by number."""
    host, _, port = code.partition(" ")[2].rpartition(":")
    return host, int(port) if port.isascii() and port.isdecimal() else 0


def _group(host: str, state: str, ports: Sequence[str]) -> str:
    listed = ", ".join(sorted((port for port in ports if port), key=int))
    words = CODE_WORDS.get(state, state.replace("_", " "))
    return " ".join(filter(None, (escape(host, TARGET), listed, escape(words, 60))))


def ports_of(ports: Iterable[int]) -> str:
    """`25, 587`."""
    return ", ".join(str(port) for port in sorted(ports))


def by_ports(ports: Collection[int], sentences: tuple[str, str]) -> str:
    """The sentence for one port, or the one for several; `{ports}` in it becomes their numbers."""
    return by_count(len(ports), sentences).replace("{ports}", ports_of(ports))


def looks_at(watch: Watch) -> str:
    """`mail ports 25, 587`, `certificates on port 465`: what a watch is about."""
    return by_ports(watch.ports, LOOKS_AT_PORTS[watch.kind]) if watch.ports else LOOKS_AT[watch.kind]


LOOKS_AT_SOME = "looks at {ports} · not watched: {left} (so when it began)"


def watched_and_left_out(watch: Watch) -> str:
    """As `LOOKS_AT_SOME`, with `25 no answer; 2525 refused`; "" where nothing is left out."""
    known = {endpoint.rpartition(":")[2] for endpoint in watch.state.baseline.get(ENDPOINTS, {})}
    left = [code for code in watch.state.baseline.get(LEFT_OUT, ()) if code.rpartition(":")[2] not in known]
    ports = ports_of(map(int, known))
    return LOOKS_AT_SOME.format(ports=ports, left=broken(left, watch.target)) if known and left else ""


def alert_rule(watch: Watch) -> str:
    """`Alerts after 2 failed runs in a row`, or what a watch on certificates or records waits for."""
    return by_count(watch.fail_after, ALERT_RULES[watch.kind])
