"""The words of watches: states, codes of what is broken, silences, times. Remote text is escaped here (mrkdwn)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from commands.blocks import date
from commands.slack_text import escape
from commands.watch.actions import CANNOT_POST, FORGOTTEN, PORTERO
from commands.watch.certificates import ENDS
from commands.watch.model import NETWORK_TARGET, Silence, Watch
from commands.watch.typed.durations import shown
from commands.watch.view.code_words import CODE_WORDS

TARGET = 120
MOST_GROUPS = 6

KIND_WORDS: Mapping[str, str] = {
    "check": "mail ports",
    "certificate": "certificates",
    "dns": "DNS records",
    "network": "the way out of our network",
}
NOT_PEOPLE: Mapping[str, str] = {PORTERO: "Portero", FORGOTTEN: "somebody", "": "the terminal"}
PHASE_ICONS: Mapping[str, str] = {
    "new": ":white_circle:",
    "up": ":large_green_circle:",
    "failing": ":large_yellow_circle:",
    "down": ":red_circle:",
    "recovering": ":large_yellow_circle:",
}
PHASE_WORDS: Mapping[str, str] = {
    "new": "not looked at yet",
    "up": "well",
    "failing": "failed, waiting for confirmation",
    "down": "down",
    "recovering": "answers again, waiting for confirmation",
}
HELD_WORDS: Mapping[str, str] = {
    "cannot_see": "our own network lets nothing out",
    "unknown": "the last run could tell nothing",
}


def name_of(watch: Watch) -> str:
    """What a watch looks at, as mrkdwn without emphasis."""
    return target_name(watch.target)


def target_name(target: str) -> str:
    return "this network" if target == NETWORK_TARGET else escape(target, TARGET)


def when(at: datetime) -> str:
    """A time in the reader's own zone."""
    return date(at.timestamp(), f"{at:%Y-%m-%d %H:%M} UTC")


def lasted(seconds: float) -> str:
    """`42m`, `1h 5m`; shorter than a minute counts as one: runs are not closer."""
    return shown(timedelta(seconds=max(60, int(seconds) // 60 * 60)))


def person(user: str) -> str:
    """A mention of a person; in edited and in private messages it alerts nobody."""
    return NOT_PEOPLE.get(user) or f"<@{escape(user, 40)}>"


def broken(failing: Iterable[str], target: str) -> str:
    """`25, 587 no answer; mx2.example.com 25 refused`: the codes of an incident in words, as mrkdwn."""
    groups: dict[tuple[str, str], list[str]] = {}
    for code in failing:
        state, _, endpoint = code.partition(" ")
        host, _, port = endpoint.rpartition(":")
        host, port = (host, port) if port.isdecimal() else (endpoint, "")
        groups.setdefault(("" if host == target else host, state), []).append(port)
    said = [_group(host, state, ports) for (host, state), ports in groups.items()]
    more = f"; and {len(said) - MOST_GROUPS} more" if len(said) > MOST_GROUPS else ""
    return "; ".join(said[:MOST_GROUPS]) + more


def _group(host: str, state: str, ports: Sequence[str]) -> str:
    listed = ", ".join(sorted((port for port in ports if port), key=int))
    words = CODE_WORDS.get(state, state.replace("_", " "))
    return " ".join(filter(None, (escape(host, TARGET), listed, escape(words, 60))))


def ports_of(ports: Sequence[int]) -> str:
    return ", ".join(str(port) for port in sorted(ports))


def alerts_when(watch: Watch) -> str:
    """What makes it alert: `after 2 failed runs in a row`, or what a watch on certificates or records waits for."""
    runs = f"after {watch.fail_after} failed runs in a row" if watch.fail_after > 1 else "after the first failed run"
    seen = f"that {watch.fail_after} runs in a row saw" if watch.fail_after > 1 else "as soon as it is seen"
    return {
        "certificate": f"30, 14, 7, 3 and 1 days before a certificate ends, and {runs}",
        "dns": f"when records change, {seen}",
    }.get(watch.kind, runs)


def certificate_until(watch: Watch, at: datetime) -> str:
    """`, certificate until 2026-11-30`: of a watch on certificates, the first that ends."""
    ends = str(watch.state.baseline.get(ENDS, ""))
    if not ends or watch.kind != "certificate":
        return ""
    return f", certificate {'ended' if datetime.fromisoformat(ends) < at else 'until'} {escape(ends[:10], 10)}"


def quiet(watch: Watch, at: datetime) -> str:
    """Who made a watch quiet or stopped it, until when and why; nothing while it speaks."""
    if watch.paused is not None:
        return _paused(watch.paused)
    silence = watch.silence(at)
    if silence is None:
        return ""
    until = f" until {when(silence.until)}" if silence.until else ", until somebody ends it"
    if silence is watch.muted:
        why = f" ({escape(silence.why, 200)})" if silence.why else ""
        return f":no_bell: muted by {person(silence.who)}{until}{why}"
    if silence is watch.snoozed:
        return f":zzz: snoozed by {person(silence.who)}{until}"
    return f":construction: in maintenance{until}"


def _paused(paused: Silence) -> str:
    if paused.why == CANNOT_POST:
        return ":double_vertical_bar: paused: Portero cannot post in its channel"
    why = f" ({escape(paused.why, 200)})" if paused.why else ""
    return f":double_vertical_bar: paused by {person(paused.who)}{why}"


def state_of(watch: Watch) -> str:
    """`down since ...: 25 no answer`: what its runs have come to."""
    state = watch.state
    words = PHASE_WORDS[state.phase]
    if state.incident is not None and state.phase in {"down", "recovering"}:
        told = broken(state.incident.failing, watch.target)
        return f"{words} since {when(state.incident.since)}" + (f": {told}" if told else "")
    if state.phase == "failing" and state.failing:
        return f"{words}: {broken(state.failing, watch.target)}"
    return f"{words}; {HELD_WORDS[state.held]}" if state.held in HELD_WORDS else words


def icon(watch: Watch, at: datetime) -> str:
    """What one looks at first: stopped, quiet, or the state."""
    if watch.paused is not None:
        return ":double_vertical_bar:"
    return PHASE_ICONS[watch.state.phase] if watch.silence(at) is None else ":no_bell:"
