"""Endpoints, certificates and DNS records as lines of an alert. Mrkdwn, escaped: servers and name servers say it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from commands.plural import by_count
from commands.record_names import RECORD_NAMES
from commands.slack_text import code_span, escape
from commands.times import ends_in
from commands.watch.state.compared import CERTIFICATE, PROMPT, SLOW, SLOW_MS
from commands.watch.state.dns_changes import MOST_TELLS, NO_NAME, REST
from commands.watch.state.events import HANDLES, Event
from commands.watch.state.port_health import PERHAPS_MEANT
from commands.watch.view.wording import CODE_WORDS, broken, by_port, by_ports, lasted, person, ports_of, somebody, when

MOST = 8
VALUES: Mapping[tuple[str, str], str] = {
    ("greeting", PROMPT): f"within {SLOW_MS / 1000:g} s",
    ("greeting", SLOW): f"after more than {SLOW_MS / 1000:g} s",
    **{(CERTIFICATE, code): CODE_WORDS[code] for code in PERHAPS_MEANT},
}
"""Values that are codes, in words."""


ROTATES = (
    "{what} changed {times} times in a short time. Further changes are taken for normal and not told, until nothing"
    " changed for {days} days or somebody accepts this."
)


def endpoint_lines(failing: Sequence[str], began: Mapping[str, str] | None = None) -> list[str]:
    """Every endpoint in its own line, with its time, where those differ; else the headline has said them all."""
    if not began or len(set(began.values())) < 2:
        return []
    lines = [f"• {broken([code], '')}{_since(began.get(code))}" for code in sorted(failing, key=by_port)[:MOST]]
    return [*lines, *([f"• and {len(failing) - MOST} more"] if len(failing) > MOST else [])] if len(failing) > 1 else []


def _since(at: str | None) -> str:
    return f", since {when(datetime.fromisoformat(at))}" if at else ""


def finding_lines(findings: Sequence[str]) -> list[str]:
    return [f"• {escape(str(sentence), 400)}" for sentence in findings]


def side_lines(failing: Sequence[str]) -> list[str]:
    """Whose side a silence is on: a watch alerts of it only when control hosts of others answered."""
    if any(code.startswith(("no_answer ", "unreachable ")) for code in failing):
        return ["It is not our own network: other mail hosts answer on that port from here."]
    return []


def vanished_lines(failing: Sequence[str], vanished: Mapping[str, Any]) -> list[str]:
    """Of a name that was in DNS: it is not misspelt, somebody has taken it away."""
    if not vanished.get("seen") or not any(code.partition(" ")[0] in NO_NAME for code in failing):
        return []
    addresses = ", ".join(map(str, vanished["addresses"][:MOST]))
    return [
        VANISHED.format(when=when(datetime.fromisoformat(str(vanished["seen"]))), addresses=code_span(addresses, 200))
    ]


VANISHED = "Its name has vanished from DNS: it was there {when}, with {addresses}."


FLAPS = "It *flaps*: {count} incidents within {within}{first}. This message ends when it was quiet for an hour."
HOUR = 3600


def flaps(count: object, within: float | None, first: datetime | None = None) -> str:
    """`within` in seconds; older versions counted those of an hour."""
    hours = "an hour" if within in {None, HOUR} else lasted(float(within or HOUR))
    return FLAPS.format(count=count, within=hours, first=f", the first {when(first)}" if first is not None else "")


def certificate_lines(endpoints: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each certificate once, with every host and port that shows it."""
    shown: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in endpoints:
        shown.setdefault((str(one.get("subject") or "-"), str(one["not_after"])), []).append(one)
    lines = [_certificate(*key, each) for key, each in list(shown.items())[:MOST]]
    return [*lines, *([f"• and {len(shown) - MOST} more"] if len(shown) > MOST else [])]


def _certificate(subject: str, not_after: str, endpoints: Sequence[Mapping[str, Any]]) -> str:
    ends = f"{ends_in(int(endpoints[0]['days']))} ({escape(not_after[:10], 20)})"
    return f"• {code_span(subject, 120)} {ends}: {_places(str(one['endpoint']) for one in endpoints)}"


ENDING = (
    ":hourglass_flowing_sand: Certificate that ends soon: ",
    ":hourglass_flowing_sand: Certificates that end soon: ",
)


def ending_lines(ending: Sequence[tuple[str, int]]) -> list[str]:
    """What ends soon in one line, the first first, or none: `*mail.example.com* 465, 587 in 5 days`."""
    ports: dict[tuple[str, int], list[int]] = {}
    for endpoint, days in ending:
        host, _, port = endpoint.rpartition(":")
        ports.setdefault((host, int(days)), []).append(int(port))
    said = [
        f"*{escape(host, 120)}* {ports_of(of)} {ends_in(days).removeprefix('ends ')}"
        for (host, days), of in ports.items()
    ]
    more = [f"and {len(said) - MOST} more"] if len(said) > MOST else []
    return [f"{by_count(len(said), ENDING)}{'; '.join([*said[:MOST], *more])}"] if said else []


def _places(endpoints: Iterable[str]) -> str:
    """`mail.example.com ports 25, 465`."""
    ports: dict[str, list[int]] = {}
    for endpoint in endpoints:
        host, _, port = endpoint.rpartition(":")
        ports.setdefault(host, []).append(int(port))
    return "; ".join(by_ports(each, _place(host)) for host, each in list(ports.items())[:MOST])


def _place(host: str) -> tuple[str, str]:
    name = escape(host, 120)
    return f"{name} port {{ports}}", f"{name} ports {{ports}}"


def record_names(changes: Sequence[Mapping[str, Any]]) -> str:
    """`MX, TLSA`: which kinds of records changed."""
    return ", ".join(dict.fromkeys(_name(one) for one in changes))


def as_before(changes: Sequence[Mapping[str, Any]]) -> str:
    """`MX, SPF as before`."""
    return f"{record_names(changes)} as before"


def record_lines(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    """What changed, and between which times: once where that is the same for all."""
    times = {tuple(one.get("between", ())) for one in changes}
    lines = [record_line(one) + (_between(one, ", {}") if len(times) > 1 else "") for one in changes[:MOST]]
    together = _between(changes[0], "Changed {}") if len(times) == 1 else ""
    return [*lines, *([together] if together else [])]


def _between(change: Mapping[str, Any], words: str) -> str:
    times = [when(datetime.fromisoformat(at)) for at in change.get("between", ())]
    return words.format(BETWEEN.format(*times)) if times else ""


BETWEEN = "between {} and {}"


def often_lines(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    return [ROTATES.format(what=record_names(changes), times=MOST_TELLS, days=REST.days)] if changes else []


def record_line(change: Mapping[str, Any]) -> str:
    name = escape(str(change["name"]), 120)
    before, after = (_values(_in_words(change["record"], change[each])) for each in ("before", "after"))
    return f"• {_name(change)} of {name}: {before} → {after}"


def _in_words(record: str, values: Iterable[str]) -> list[str]:
    return [VALUES.get((record, str(value)), str(value)) for value in values]


def _name(change: Mapping[str, Any]) -> str:
    return RECORD_NAMES.get(str(change["record"]), escape(str(change["record"]), 20))


def _values(values: Sequence[str]) -> str:
    shown = ", ".join(code_span(str(value), 100) for value in values[:4])
    return (shown or "none") + (f" and {len(values) - 4} more" if len(values) > 4 else "")


def looked_after(event: Event) -> list[str]:
    """Who acknowledged it and when, and who was mentioned."""
    facts, lines = event.facts, []
    if who := acknowledged_by(
        acks_of(facts.get("group", {})) or acks_of(facts), facts.get("group", {}).get("count", 1)
    ):
        lines.append(f":eyes: It was acknowledged by {who}")
    if facts.get("told"):
        lines.append(f":mega: Told: {', '.join(somebody(str(one), facts.get(HANDLES, {})) for one in facts['told'])}")
    return lines


Ack = Mapping[str, Any]


def acks_of(facts: Mapping[str, Any]) -> list[Ack]:
    """Who acknowledged how many; nobody who was forgotten. An older version kept one for all that were down."""
    older = {"acked_by": facts.get("acked_by"), "acked_at": facts.get("acked_at"), "count": facts.get("open", 1)}
    return [one for one in facts.get("acks", [older]) if one["acked_by"]]


OF_WATCHES, OF_THOSE_DOWN = "{count} of {of} watches", "{count} of the {of} that are down"


def acknowledged_by(acks: Sequence[Ack], of: int, words: str = OF_WATCHES) -> str:
    """`@ana 2026-11-24 12:05 UTC (2 of 3 watches), @ben 2026-11-24 12:30 UTC (1 of 3 watches)`."""
    return ", ".join(_ack(one, of, words) for one in acks)


def _ack(one: Ack, of: int, words: str) -> str:
    at = f" {when(datetime.fromisoformat(str(one['acked_at'])))}" if one.get("acked_at") else ""
    some = f" ({words.format(count=one['count'], of=of)})" if int(one["count"]) < of else ""
    return f"{person(str(one['acked_by']))}{at}{some}"
