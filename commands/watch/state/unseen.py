"""Since when a watch has told nothing: inconclusive runs age until it counts as not seen. Pure.

One run that says nothing is no news. When none has said anything for half an hour, and at least three were asked, the
watch is not seen: neither healthy nor down. What our own network hides ages alike. What another place sees otherwise
(`ONE_PATH`) is told at once: the alarm was due, and that place may be wrong. So is a machine that nobody sees (`AWAY`):
two intervals were waited for it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from commands.smtpcheck.result.states import BY_NAME, LATER
from commands.watch.state.model import CANNOT_SEE, UNKNOWN, State, Unseen, Watch
from commands.watch.state.observation import NO_CONTROL, UNASKED, Observation

AFTER = timedelta(minutes=30)
RUNS = 3

ONE_PATH = "one_path"
"""Down from one place and fine from others: kind of an `Observation.why`, with the places behind a dot."""

NO_SECOND, SECOND_UNSURE = "no_second_place", "second_unsure"
"""Down from one place where two have to agree, and no other one could say."""

UNCONFIRMED = frozenset({ONE_PATH, NO_SECOND, SECOND_UNSURE})
"""What one place saw broken, and none of the others that were asked."""

AWAY = frozenset({"vantage_away", "vantage_unreachable"})
"""Nobody sees the machine that it is run from, which stands behind a dot."""

ALL: tuple[str, ...] = ()
"""The places of a watch of which nothing at all was seen."""

DNS, ASKED_TO_WAIT, FROM = "dns", "later", "from."
CAUSES: Mapping[str, str] = {
    **dict.fromkeys(("dns_servfail", "dns_timeout", "dns_loop", "mx_servfail", "mx_timeout", "mx_loop"), DNS),
    UNASKED: DNS,  # it takes a name server to find them
    "no_answer": NO_CONTROL,
}
"""The codes of `Observation.why` that are one cause for everybody who meets them; any other is its own."""


def after_run(before: Unseen | None, seen: Observation, at: datetime) -> Unseen | None:
    """What is not seen after one more run; None when it told something of all that is watched."""
    places = _places(seen)
    if places is None:
        return None
    why = seen.why or (CANNOT_SEE if seen.outcome == "blind" else UNKNOWN)
    if before is None or (before.places == ALL) != (places == ALL):
        return Unseen(min(seen.since or at, at), 1, why, places, _held(seen), seen.said)
    return Unseen(before.since, before.runs + 1, why, places, _held(seen), seen.said)


def _places(seen: Observation) -> tuple[str, ...] | None:
    """Of what a run told nothing: all, some endpoints, or (None) nothing."""
    if seen.outcome in {"unknown", "blind"}:
        return ALL
    return _held(seen) or None


def _held(seen: Observation) -> tuple[str, ...]:
    return tuple(one for one in seen.held if " " not in one)  # those with a blank are codes of a policy


def is_unseen(state: State) -> bool:
    """Whether it is not seen by now, in whole or in part."""
    unseen = state.unseen
    if unseen is None or state.last_at is None:
        return False
    if _kind(unseen.why) == ONE_PATH or is_away(unseen.why):
        return True
    return unseen.runs >= RUNS and state.last_at - unseen.since >= AFTER


def is_overdue(watch: Watch, at: datetime) -> bool:
    """Whether it should have run for so long that what is known of it is of then, as where no bot runs."""
    return watch.runs and watch.due_at is not None and at - watch.due_at >= AFTER


def cause_of(why: str) -> str:
    """What watches that are not seen may have in common."""
    if BY_NAME.get(why) in LATER:
        return ASKED_TO_WAIT
    if is_away(why):
        return f"{FROM}{machine_of(why)}"
    return ONE_PATH if _kind(why) == ONE_PATH else CAUSES.get(why, why)


def is_ours(cause: str) -> bool:
    """Whether it lies with us: then it ends for all of them at once."""
    return cause in {DNS, NO_CONTROL} or cause.startswith(FROM)


def is_away(why: str) -> bool:
    """Whether that says that nobody sees the machine."""
    return _kind(why) in AWAY


def is_unconfirmed(why: str) -> bool:
    """Whether that says that one place alone saw it broken: of the target nothing was seen then."""
    return _kind(why) in UNCONFIRMED


def fine_from(why: str) -> list[str]:
    """The places that see it well, where one alone sees it down."""
    return why.partition(">")[2].split(" and ") if _kind(why) == ONE_PATH else []


def machine_of(why: str) -> str:
    """The name of the machine that a code is about, whichever of its addresses."""
    return why.partition(".")[2].partition("/")[0]


def _kind(why: str) -> str:
    return why.partition(".")[0]
