"""How a watch is: healthy, down since when, unknown and why, kept quiet by whom. Mrkdwn, escaped."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from commands.record_names import RECORD_NAMES
from commands.slack_text import escape
from commands.watch.state.actions import CANNOT_POST
from commands.watch.state.certificates import ENDS
from commands.watch.state.condition import Condition, Standing, condition_of
from commands.watch.state.model import CANNOT_SEE, UNKNOWN, Watch
from commands.watch.view.wording import broken, person, places, when, why_unseen

PHASE_ICONS: Mapping[str, str] = {
    "new": ":white_circle:",
    "up": ":large_green_circle:",
    "failing": ":large_yellow_circle:",
    "down": ":red_circle:",
    "recovering": ":large_yellow_circle:",
}
PHASE_WORDS: Mapping[str, str] = {
    "new": "not checked yet",
    "up": "healthy",
    "failing": "failed, waiting for confirmation",
    "down": "down",
    "recovering": "answers again, waiting for confirmation",
}
CERTIFICATE_ENDS, CERTIFICATE_ENDED = "{state}, certificate until {day}", "{state}, certificate ended {day}"
QUIET: Mapping[tuple[str, bool], str] = {
    ("paused", False): ":double_vertical_bar: paused by {who}",
    ("muted", True): ":no_bell: muted by {who} until {until}",
    ("muted", False): ":no_bell: muted by {who}, until somebody ends it",
    ("snoozed", True): ":zzz: snoozed by {who} until {until}",
    ("snoozed", False): ":zzz: snoozed by {who}, until somebody ends it",
    ("maintenance", True): ":construction: in maintenance until {until}",
    ("maintenance", False): ":construction: in maintenance, until somebody ends it",
}
"""By what keeps a watch quiet, and whether it ends by itself."""

ACKED, NOTE = ":eyes: acknowledged by {who}", ":memo: {who}: {text}"
QUIET_WHY = "{quiet} ({why})"
CANNOT_POST_HERE = ":double_vertical_bar: paused: Portero cannot post in its channel"
UNPOSTED = ":warning: Portero cannot post in its channel: it tells by direct message"
BLOCKED_HERE = "{before}; its ports are blocked on our network"
INCONCLUSIVE = "{before}; the last run was inconclusive"
INCONCLUSIVE_WHY = "{before}; the last run was inconclusive: {why}"
NOT_SEEN = "{before}; not seen since {since} ({why})"
NOT_SEEN_PLACES = "{before}; {places} not seen since {since} ({why})"
FLAPS = "goes up and down"
SINCE, SINCE_WITH = "{state} since {since}", "{state} since {since}: {broken}"
FROM_THE_START = "healthy; {broken} from the start, watched as it is"
DIFFERENT = "{state}, but {what} different from normal since {since}, not accepted"
BEFORE: Mapping[str, str] = {"new": "nothing known yet", "up": "was healthy"}


STANDINGS: Mapping[Standing, str] = {
    "healthy": "{count} healthy",
    "down": "{count} down",
    "unseen": "{count} not seen",
    "waiting": "{count} waiting for a run",
    "paused": "{count} paused",
}


def standings(counted: Mapping[Standing, int]) -> str:
    """`5 healthy, 1 down, 2 not seen`."""
    return ", ".join(words.format(count=counted[each]) for each, words in STANDINGS.items() if counted.get(each))


def with_certificate(watch: Watch, at: datetime) -> str:
    """`healthy, certificate until 2026-11-30`: the state and, of a watch on certificates, the first that ends."""
    ends, state = str(watch.state.baseline.get(ENDS, "")), state_words(condition_of(watch, at))
    if not ends or watch.kind != "certificate":
        return state
    words = CERTIFICATE_ENDED if datetime.fromisoformat(ends) < at else CERTIFICATE_ENDS
    return words.format(state=state, day=escape(ends[:10], 10))


def quiet(watch: Watch, at: datetime) -> str:
    """Who made a watch quiet or stopped it, until when and why; nothing while it speaks."""
    return quiet_words(condition_of(watch, at))


def state_of(watch: Watch) -> str:
    """`down since ...: 25 no answer`: what its runs have come to."""
    return state_words(condition_of(watch))


def icon(watch: Watch, at: datetime) -> str:
    """What one looks at first: stopped, quiet, or the state. Green is what is healthy in all that is known of it."""
    return icon_of(condition_of(watch, at))


def quiet_words(condition: Condition) -> str:
    """What keeps it quiet, and that its channel takes no posts."""
    return "; ".join(filter(None, (_quiet_words(condition), UNPOSTED if condition.unposted else "")))


def care_words(condition: Condition) -> str:
    """Who looks after what is down, and the last that somebody noted of it."""
    acked = ACKED.format(who=person(condition.acked_by)) if condition.acked_by else ""
    note = NOTE.format(who=person(condition.note_by), text=escape(condition.note, 200)) if condition.note else ""
    return " · ".join(filter(None, (acked, note)))


def _quiet_words(condition: Condition) -> str:
    if not condition.quieted:
        return ""
    if condition.quieted == "paused" and condition.why == CANNOT_POST:
        return CANNOT_POST_HERE
    ends = condition.until is not None and condition.quieted != "paused"
    until = when(condition.until) if condition.until else ""
    quiet = QUIET[condition.quieted, ends].format(who=person(condition.who), until=until)
    why = escape(condition.why, 200) if condition.quieted in {"paused", "muted"} else ""
    return QUIET_WHY.format(quiet=quiet, why=why) if why else quiet


def state_words(condition: Condition) -> str:
    state, told = PHASE_WORDS[condition.phase], broken(condition.failing, condition.target)
    if condition.unseen_since is not None:
        return _not_seen(replace(condition, unseen_since=None, held=""), condition)
    if condition.since is not None:
        if condition.flapping:
            state = "answers now"
        down = (SINCE_WITH if told else SINCE).format(
            state=FLAPS if condition.flapping else PHASE_WORDS["down"], since=when(condition.since), broken=told
        )
        known = down if condition.phase == "down" else f"{down}; {state}"
        return _inconclusive(condition, known) if condition.held else known
    if condition.phase == "failing" and told:
        return f"{state}: {told}"
    if condition.held:
        return _inconclusive(condition, BEFORE.get(condition.phase, state))
    if condition.quieted == "paused" and condition.phase == "up":
        return BEFORE["up"]
    amiss = broken(condition.amiss, condition.target)
    known = FROM_THE_START.format(broken=amiss) if amiss and condition.phase == "up" else state
    return _different(known, condition) if condition.differs_since is not None else known


def _different(state: str, condition: Condition) -> str:
    """It answers, but not as it did, and nobody has said that it is meant."""
    assert condition.differs_since is not None  # noqa: S101 - it was asked
    what = ", ".join(RECORD_NAMES.get(each, escape(each, 20)) for each in condition.differs)
    return DIFFERENT.format(state=state, what=what, since=when(condition.differs_since))


def _not_seen(before: Condition, condition: Condition) -> str:
    """What was known, and since when it is not any more: of all, or of some places."""
    assert condition.unseen_since is not None  # noqa: S101 - it was asked
    words = {"since": when(condition.unseen_since), "why": why_unseen(condition.unseen_why)}
    if condition.unseen:
        return NOT_SEEN_PLACES.format(
            before=state_words(before), places=places(condition.unseen, condition.target), **words
        )
    known = BEFORE.get(condition.phase) or state_words(before)
    return NOT_SEEN.format(before=known, **words)


def _inconclusive(condition: Condition, before: str) -> str:
    """Nothing is known now: what was known before, and why it is so."""
    held = condition.held
    if held == CANNOT_SEE:
        return BLOCKED_HERE.format(before=before)
    if held == UNKNOWN:
        return INCONCLUSIVE.format(before=before)
    return INCONCLUSIVE_WHY.format(before=before, why=why_unseen(held))


def icon_of(condition: Condition) -> str:
    if condition.quieted:
        return ":double_vertical_bar:" if condition.quieted == "paused" else ":no_bell:"
    unseen = condition.standing == "unseen"
    return ":large_yellow_circle:" if condition.doubtful or unseen else PHASE_ICONS[condition.phase]
