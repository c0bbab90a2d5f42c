"""How a watch is: healthy, down since when, unknown and why, kept quiet by whom. Mrkdwn, escaped."""

from collections.abc import Mapping
from datetime import datetime

from commands.slack_text import escape
from commands.watch.state.actions import CANNOT_POST
from commands.watch.state.certificates import ENDS
from commands.watch.state.condition import Condition, condition_of
from commands.watch.state.model import CANNOT_SEE, UNKNOWN, Watch
from commands.watch.view.wording import CODE_WORDS, broken, person, when

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
INCONCLUSIVE = "the last run was inconclusive"
OUR_WALL = "its ports are blocked on our network"


def certificate_until(watch: Watch, at: datetime) -> str:
    """`, certificate until 2026-11-30`: of a watch on certificates, the first that ends."""
    ends = str(watch.state.baseline.get(ENDS, ""))
    if not ends or watch.kind != "certificate":
        return ""
    return f", certificate {'ended' if datetime.fromisoformat(ends) < at else 'until'} {escape(ends[:10], 10)}"


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
    if condition.quieted == "paused" and condition.why == CANNOT_POST:
        return ":double_vertical_bar: paused: Portero cannot post in its channel"
    why = f" ({escape(condition.why, 200)})" if condition.why else ""
    until = f" until {when(condition.until)}" if condition.until else ", until somebody ends it"
    who = person(condition.who)
    return {
        "": "",
        "paused": f":double_vertical_bar: paused by {who}{why}",
        "muted": f":no_bell: muted by {who}{until}{why}",
        "snoozed": f":zzz: snoozed by {who}{until}",
        "maintenance": f":construction: in maintenance{until}",
    }[condition.quieted]


def state_words(condition: Condition) -> str:
    words, told = PHASE_WORDS[condition.phase], broken(condition.failing, condition.target)
    if condition.since is not None:
        return f"{words} since {when(condition.since)}" + (f": {told}" if told else "")
    if condition.phase == "failing" and told:
        return f"{words}: {told}"
    if condition.held:
        return _inconclusive(condition, words)
    amiss = broken(condition.amiss, condition.target)
    return f"{words}; {amiss} from the start, watched as it is" if amiss and condition.phase == "up" else words


def _inconclusive(condition: Condition, words: str) -> str:
    """Nothing is known now: what was known before, and why it is so."""
    held = condition.held
    if held == CANNOT_SEE:
        now = OUR_WALL
    else:
        now = INCONCLUSIVE + (f": {escape(CODE_WORDS.get(held, held), 80)}" if held != UNKNOWN else "")
    before = {"new": "nothing known yet", "up": "was healthy"}.get(condition.phase, words)
    return f"{before}; {now}"


def icon_of(condition: Condition) -> str:
    if condition.quieted:
        return ":double_vertical_bar:" if condition.quieted == "paused" else ":no_bell:"
    return ":large_yellow_circle:" if condition.doubtful else PHASE_ICONS[condition.phase]
