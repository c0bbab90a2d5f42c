"""How a watch is: well, down since when, unknown and why, kept quiet by whom. Mrkdwn, escaped."""

from collections.abc import Mapping
from datetime import datetime

from commands.slack_text import escape
from commands.watch.state.actions import CANNOT_POST
from commands.watch.state.baseline import AMISS
from commands.watch.state.certificates import ENDS
from commands.watch.state.model import CANNOT_SEE, UNKNOWN, Silence, Watch
from commands.watch.view.wording import CODE_WORDS, broken, person, when

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
NOTHING_TOLD = "the last run could tell nothing"
OUR_WALL = "our own network lets nothing out"


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
    if state.held:
        return _unseen(watch, words)
    amiss = broken(state.baseline.get(AMISS, ()), watch.target)
    return f"{words}; {amiss} from the start, watched as it is" if amiss and state.phase == "up" else words


def _unseen(watch: Watch, words: str) -> str:
    """Nothing is known now: what was known before, and why it is so."""
    held = watch.state.held
    if held == CANNOT_SEE:
        now = OUR_WALL
    else:
        now = NOTHING_TOLD + (f": {escape(CODE_WORDS.get(held, held), 80)}" if held != UNKNOWN else "")
    before = {"new": "nothing known yet", "up": "was well"}.get(watch.state.phase, words)
    return f"{before}; {now}"


def icon(watch: Watch, at: datetime) -> str:
    """What one looks at first: stopped, quiet, or the state. Green is what is well in all that is known of it."""
    if watch.paused is not None:
        return ":double_vertical_bar:"
    if watch.silence(at) is not None:
        return ":no_bell:"
    return PHASE_ICONS[watch.state.phase] if not is_doubtful(watch) else ":large_yellow_circle:"


def is_doubtful(watch: Watch) -> bool:
    """Well by its last word, but that was some time ago, or was not all."""
    state = watch.state
    return state.phase == "up" and (state.held == CANNOT_SEE or bool(state.baseline.get(AMISS)))
