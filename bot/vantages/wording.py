"""What people read of vantages: why something is not done from there, and who is there. Message and hint."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from bot.vantages.abilities import WITHOUT, Ability, lacking
from bot.vantages.claims import Doubt, Doubted
from bot.vantages.errand import Refusal
from bot.vantages.hello import Hello
from commands.blocks import date
from commands.plural import plural
from commands.slack_text import escape

FROM_HERE = "Leave `from` out to check from Portero's own machine."
SERVER_OF_THE_BOT = (
    "In a terminal: with PORTERO_NATS=managed the server runs while `portero run` does, with the same PORTERO_DATABASE."
)
Words = tuple[str, str]

DOUBTS: Mapping[Doubt, str] = {
    Doubt.NOT_PINNED: "It also announces {address}, which is not pinned to it: ignored.",
    Doubt.OF_ANOTHER: "It announces {address}, which is pinned to {other}: ignored.",
    Doubt.CONTESTED: "It announces {address}, and so does {other}: nobody's until it is pinned to one of them.",
    Doubt.OTHER_NAME: "It announces {address} with another EHLO name than the pinned {other}: not offered.",
}
"""What is said of an address that a machine announces and that is not taken for its own."""

PIN = "`portero vantage pin {name} --source {address}`, where the bot runs, says that it is."

MOST_NAMED = 8
"""Machines, and addresses and versions of one, that are named."""

UPDATE_THERE = "Update Portero there."

REFUSALS: Mapping[str, Callable[[str, str], Words]] = {
    Refusal.NOT_UNDERSTOOD: lambda who, _: (
        f"{who} runs another version of Portero, which does not understand this errand.",
        "Update Portero there, or here.",
    ),
    Refusal.NOT_ABLE: lambda who, ability: (
        f"{who} runs an older version of Portero: {WITHOUT.get(ability, 'not this errand')} there.",
        UPDATE_THERE,
    ),
    Refusal.PORT_NOT_ALLOWED: lambda who, port: (
        f"Port {port} may not be checked from {who}: the settings there do not have it.",
        "PORTERO_PORTS, where that worker runs, says which may be.",
    ),
    Refusal.SOURCE_NOT_SET: lambda who, _: (
        f"{who} is not set up: the worker there was not started with this address.",
        "`portero worker --source ADDRESS=EHLO-NAME`, on that machine, sets it.",
    ),
    Refusal.SOURCE_MISSING: lambda who, address: (
        f"{who} could not check: that machine does not have the address {address}. Nothing was sent.",
        "The fault is ours: give the machine that address, or take it out of the worker's `--source`.",
    ),
    Refusal.TOO_OFTEN: lambda who, seconds: (
        f"{who} has checked this target often enough for now.",
        f"Try again in {_wait(seconds)}: mail servers block clients that connect too often.",
    ),
    Refusal.BUSY: lambda who, _: (f"{who} does as much at once as it may.", "Try again in a minute."),
    Refusal.BROKEN: lambda who, _: (
        f"Something went wrong at {who}; nothing can be said of the target.",
        "The log of the worker there says more.",
    ),
}


def not_able(vantage: str, version: str, lacks: Ability) -> Words:
    """What is not asked of a place since a worker there cannot do it."""
    return f"{vantage} runs {version}: {WITHOUT[lacks]} there.", UPDATE_THERE


MOST_WAIT = 3600


def _wait(seconds: str) -> str:
    """What a worker says to wait, an hour at most."""
    known = seconds.isascii() and seconds.isdecimal() and len(seconds) < 6
    return f"{min(int(seconds), MOST_WAIT)} s" if known else "an hour"


def refused(vantage: str, why: str, detail: str) -> Words:
    """Why a worker does not do what it was asked."""
    return REFUSALS.get(why, REFUSALS[Refusal.NOT_UNDERSTOOD])(vantage, detail)


LOST: Mapping[str, Words] = {
    "vantage_lost": ("{vantage} went away before it had heard anything.", f"Run it again. {FROM_HERE}"),
    "vantage_late": (
        "{vantage} did not end its check and told no port: it was given up after {seconds} s.",
        f"Look at that machine. {FROM_HERE}",
    ),
    "vantage_unreachable": (
        "Portero lost its connection to the NATS server before {vantage} had told a port.",
        f"Run it again. {FROM_HERE}",
    ),
}
"""By the code of what became of an errand before anything was heard."""


def lost(code: str, vantage: str, seconds: int) -> Words:
    message, hint = LOST[code]
    return message.format(vantage=vantage, seconds=seconds), hint


def unreachable(vantage: str) -> Words:
    """The connection between the bot and NATS is down."""
    message = f"{vantage} cannot be asked: Portero has no connection to its NATS server right now."
    return message, f"{SERVER_OF_THE_BOT} {FROM_HERE}"


def no_record(vantage: str, problem: str) -> Words:
    """What a worker answered is refused."""
    return f"What {vantage} answered was not taken: {problem}", "Is the same version of Portero running there?"


def not_allowed(name: str) -> Words:
    return f"{name} is not for this channel.", "Whoever runs Portero says who may use it: PORTERO_VANTAGES_ALLOW."


def perhaps_allowed(name: str, trouble: str) -> Words:
    """Nobody knows whether they may, and why."""
    return f"{name} is not for this channel. {trouble}", "PORTERO_VANTAGES_ALLOW says who may use it."


def not_its_own(name: str, doubt: Doubted, pinned: Sequence[str]) -> Words:
    """Why nothing is checked from an address that was asked for."""
    if doubt.why is Doubt.NOT_PINNED:
        said = f"{doubt.address} is no address of {name}: pinned are {', '.join(pinned[:MOST_NAMED])}."
    elif doubt.why is Doubt.OF_ANOTHER:
        said = f"{doubt.address} is no address of {name}: it is pinned to {doubt.other}."
        return said, f"Type `from {doubt.other}/{doubt.address}`."
    else:
        said = f"Whether {doubt.address} is an address of {name} nobody knows: {doubt.other} announces it, too."
    return said, PIN.format(name=name, address=doubt.address)


def unknown_name(name: str, near: str, usable: Sequence[str]) -> Words:
    """No machine of that name may connect."""
    there = f"Those that there are: {', '.join(usable[:MOST_NAMED])}." if usable else "None has been added yet."
    return f"No machine is called {name}.", f"Did you mean {near}?" if near else there


def not_connected(vantage: str, until: datetime | None, now: datetime, connected: Sequence[str]) -> Words:
    """Nobody is there; `until` is when it was seen last, None where it never was."""
    if vantage.partition("/")[0] in connected:
        return f"{vantage} is connected, and did not take the errand.", f"Look at the worker there. {FROM_HERE}"
    before = f"; it was here until {moment(until, now)}" if until else ""
    there = f"Connected: {', '.join((*connected, 'local'))}." if connected else "No other machine is connected."
    return f"{vantage} is not connected{before}.", there


def present_line(
    name: str,
    workers: Sequence[Hello],
    since: datetime,
    doubts: Sequence[Doubted] = (),
    *,
    ours: str = "",
) -> str:
    """A machine that is connected: its addresses, since when, its version, its last errand. mrkdwn.

    Below it what it announces that is not taken for its own. `ours` is the version of Portero here.
    """
    not_its_own = {one.address for one in doubts}
    announced = (one for each in workers for one in each.sources if one.address not in not_its_own)
    sources = {one.address: one.ehlo_name for one in announced}
    named = [f"{address or 'its own choice'} ({name_})" for address, name_ in list(sources.items())[:MOST_NAMED]]
    named += [f"{len(sources) - MOST_NAMED} more"] if len(sources) > MOST_NAMED else []
    last = max((each.last for each in workers if each.last), default=None)
    facts = (
        f"connected since {_date(since)}",
        escape(f"checks from {', '.join(named)}" if named else ""),
        escape(versions(workers, ours)),
        f"last errand {_date(last)}" if last else "no errand yet",
        plural(len(workers), "worker") if len(workers) > 1 else "",
    )
    doubted = [DOUBTS[one.why].format(address=one.address, other=one.other) for one in doubts[:MOST_NAMED]]
    below = [f":warning: {escape(words)}" for words in doubted]
    below += [f"and {len(doubts) - MOST_NAMED} more such addresses"] if len(doubts) > MOST_NAMED else []
    return "\n".join([f"*{escape(name)}*: {'; '.join(filter(None, facts))}", *below])


def versions(workers: Sequence[Hello], ours: str) -> str:
    """Which versions run there, and what they cannot do that this one knows."""
    running = sorted({each.version for each in workers})[:MOST_NAMED]
    here = f" (here {ours})" if ours and running != [ours] else ""
    missing = ", ".join(WITHOUT[one] for one in Ability if lacking(workers, {one}))
    return f"version {', '.join(running)}{here}{f': {missing} there' if missing else ''}"


def absent_line(name: str, until: datetime | None) -> str:
    """A machine that is not connected. mrkdwn."""
    return f"*{escape(name)}*: not connected; {f'here until {_date(until)}' if until else 'never seen'}"


def _date(at: datetime) -> str:
    return date(at.timestamp(), f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


def moment(at: datetime, now: datetime) -> str:
    """In errors, which terminals show, too: a time of today as `12:14 UTC`, else with its day."""
    form = "%H:%M UTC" if at.date() == now.astimezone(UTC).date() else "%Y-%m-%d %H:%M UTC"
    return at.astimezone(UTC).strftime(form)
