"""App Home: what is down now, not seen, ends soon; what is mine; what failed; for admins how the bot is.

What needs nobody is one line at the end: sections without anything in them, and a bot that is well. Settings and help
stand behind buttons. Whoever has checked and watched nothing yet reads first what Portero is for.

Made anew whenever somebody opens it. At most `ROWS` of everything, so the 100 blocks of a Home hold any history.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.rate_limits import PER_PORT, PER_TARGET, PER_USER
from bot.services import Services
from bot.slack.replies.error_messages import LASTING
from commands.blocks import Block, actions, button, context, divider, header, section
from commands.contract import Actor
from commands.history.faults import faults_of
from commands.history.line import rows, when
from commands.plural import plural
from commands.slack_text import escape, in_mrkdwn
from commands.smtpcheck.result.failures import is_failure
from commands.times import days_left, ends_in, shown
from commands.watch.state.model import Watch
from commands.watch.state.rows import of_row
from commands.watch.view.home import now_bad, rest
from storage.history import Certificate, Line, Query, ReadHistory, StorageError, Viewer

ROWS = 5
CERTIFICATES = 5
ASKED = 50
"""Certificates that are asked for: a host shows the same on several ports."""
FAILED_ASKED = 50
"""Results among which failures are looked for: slips and what was ours are none."""

ADVISED = "port"
"""The kind of a question about ports, or of an error that somebody had explained: no check that failed."""

SOON = timedelta(days=30)
FRESH = timedelta(days=1)
"""What was seen longer ago may have been renewed, so that is told."""
RECENT = timedelta(days=30)
MORE_THAN = 1_000
"""Results up to which those of somebody are counted beside those of all."""

ALL_FAILED = "All of them, and those that watches saw: `/smtphistory failed since 30d`"
WELCOME = (
    "*Welcome.* Portero checks mail servers, for you and for your team.\n"
    "• `/smtpcheck mail.example.com` tells which ports work, what is wrong and which to use. Only you see the answer, "
    "until you share it.\n"
    "• `/smtpwatch add mail.example.com every 15m` keeps looking, and alerts the channel where you type it."
)
ELSEWHERE = (
    "*Your watches*\nYou watch nothing, and no channel that you are in does. Others do, in channels that you may join: "
    "what is watched there shows here as soon as you are in one."
)
NO_CHANNEL = (
    ":information_source: There is more than you may see: you are in no channel with Portero, as far as Slack tells. "
    "What others check and watch in a channel shows here as soon as you are in it."
)
UNREADABLE = ":warning: The history cannot be read right now. Checks still work; try again in a minute."
FOLDED = (("Settings that apply to you", "portero.settings"), ("Help", "portero.help"))
QUICK = (
    ("Check a host", "smtpcheck.ask"),
    ("Which port?", "smtpport.form"),
    ("Validate a config", "pmta.form"),
    ("Add a watch", "smtpwatch.new"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What Home shows of the history, as the person may see it. What watches ran is told by the watches themselves."""

    mine: Sequence[Line]
    failed: Sequence[Line]
    certificates: Sequence[Certificate]
    faults: Mapping[str, str] = field(default_factory=dict)


async def home(actor: Actor, now: datetime, services: Services) -> list[Block]:
    """The blocks of a person's Home."""
    try:
        middle, notes = await _middle(actor, now, services)
    except StorageError as error:
        lasting = next((reply.text for kind, reply in LASTING.items() if isinstance(error, kind)), UNREADABLE)
        middle, notes = [section(lasting)], []
    return [
        header("Portero"),
        actions(*(button(label, action) for label, action in QUICK)),
        *middle,
        divider(),
        actions(*(button(label, action) for label, action in FOLDED)),
        context(*notes, f"As of {when(now)}; made afresh each time you open it."),
    ]


async def _middle(actor: Actor, now: datetime, services: Services) -> tuple[list[Block], list[str]]:
    """What the person may see: a part for each kind that has something, and notes below on what needs nobody."""
    viewer = await services.viewer()
    known = spoken(await look(actor, now, services.history, viewer), services)
    visible = [of_row(row) for row in await services.watches.visible_to(viewer)]
    watched = await _watched(visible, now, services, viewer)
    is_new = not (visible or known.mine)
    well, unwell = await _health(services, viewer) if actor.admin else ("", [])
    parts = (
        ([section(WELCOME)] if is_new else [], ""),
        (watched, "watches"),
        (_ending(known, now), f"certificates seen that end within {SOON.days} days"),
        (unwell, ""),
        (rest(visible, actor.user, now), ""),
        (_mine(known), "results of your own"),
        (_failures(known), f"checks that failed in the last {RECENT.days} days"),
    )
    empty = [words for blocks, words in parts if words and not blocks]
    nothing = f"Nothing here yet: {'; '.join(empty)}." if empty and not is_new else ""
    shown = [block for blocks, _ in parts if blocks for block in (*blocks, divider())][:-1]
    return shown, list(filter(None, (nothing, well)))


async def _health(services: Services, viewer: Viewer) -> tuple[str, list[Block]]:
    """How the bot is, for those who can do something about it: a line where it is well, else a part."""
    lines = [*await services.about.health(), *services.about.needs()]
    if services.vantages is not None:
        names = await services.vantages.connected(viewer, "")
        lines.append(f"Other machines that check: {escape(', '.join(names), 300) or ':warning: none is connected'}")
    if any(":warning:" in line for line in lines):
        return "", [section("\n".join(["*Portero's status*", *(f"• {line}" for line in lines)]))]
    return f"Portero is well: {' · '.join(lines)}.", []


async def _watched(visible: Sequence[Watch], now: datetime, services: Services, viewer: Viewer) -> list[Block]:
    """What is bad now; whoever sees no watch is told whether there are any."""
    more = [section(NO_CHANNEL)] if await _is_more(services, viewer) else []
    if visible:
        return [*now_bad(visible, now), *more]
    elsewhere = not viewer.admin and await services.watches.visible_to(replace(viewer, admin=True))
    return more or ([section(ELSEWHERE)] if elsewhere else [])


async def _is_more(services: Services, viewer: Viewer) -> bool:
    """Whether somebody in no channel is missing something: that there is more is told, and nothing of it."""
    if viewer.admin or viewer.channels:
        return False
    both = (viewer, replace(viewer, admin=True))
    own, every = [len(await services.watches.visible_to(each)) for each in both]
    mine, results = [await services.history.count(Query(each), most=MORE_THAN) for each in both]
    return every > own or results > mine


def refused(words: str) -> list[Block]:
    """The Home of somebody who is not served."""
    return [header("Portero"), section(in_mrkdwn(words))]


async def look(actor: Actor, now: datetime, history: ReadHistory, viewer: Viewer) -> Known:
    """Three questions at once, and what was wrong in what is shown."""
    mine, failed, certificates = await asyncio.gather(
        history.page(Query(viewer, actor=actor.user, watched=False), limit=ROWS),
        history.page(Query(viewer, failed=True, watched=False, since=now - RECENT), limit=FAILED_ASKED),
        history.certificates(ends_before=now + SOON, ends_after=now - SOON, viewer=viewer, limit=ASKED),
    )
    failures = [line for line in failed if line.kind != ADVISED and is_failure(line.verdict, line.summary)][:ROWS]
    return Known(mine, failures, certificates, await faults_of([*mine, *failures], history, viewer))


def spoken(known: Known, services: Services) -> Known:
    """With words in the lines."""
    mine, failed = ([services.line_with_words(line) for line in lines] for lines in (known.mine, known.failed))
    return replace(known, mine=mine, failed=failed)


def _mine(known: Known) -> list[Block]:
    if not known.mine:
        return []
    rest = context("All of them: `/smtphistory mine`. What your watches ran: `/smtphistory mine watches`")
    return [section("*Your last results*"), *rows(known.mine, mine=True, faults=known.faults), rest]


def _failures(known: Known) -> list[Block]:
    if not known.failed:
        return []
    return [
        section(f"*Failures of the team, last {RECENT.days} days*"),
        *rows(known.failed, faults=known.faults),
        context(ALL_FAILED),
    ]


def _ending(known: Known, now: datetime) -> list[Block]:
    if not known.certificates:
        return []
    alike: dict[tuple[str, str, datetime], list[Certificate]] = {}
    for each in known.certificates:
        alike.setdefault((each.host, each.certificate, each.ends), []).append(each)
    lines = [_certificate(found, now) for found in list(alike.values())[:CERTIFICATES]]
    left = len(alike) - CERTIFICATES
    least = "at least " * (len(known.certificates) == ASKED)
    more = [f"• and {least}{left} more: `/smtphistory certificates`"] if left > 0 else []
    return [section("\n".join([f"*Certificates that end within {SOON.days} days*", *lines, *more]))]


def _certificate(shown: Sequence[Certificate], now: datetime) -> str:
    """One certificate on one or several ports of a host; `seen` is the latest of them."""
    found = max(shown, key=lambda each: each.seen_at)
    days = days_left(found.ends, now)
    left = ends_in(days) if days >= 0 else f"*{ends_in(days)}*"
    icon = ":x:" if days < 0 else ":warning:"
    place = f"{escape(found.host, 120)} {', '.join(str(port) for port in sorted({each.port for each in shown}))}"
    seen = f", seen {when(found.seen_at)}" if now - found.seen_at > FRESH else ""
    return f"{icon} {place} {left} ({found.ends:%Y-%m-%d}){seen}"


def settings(actor: Actor, services: Services) -> str:
    """What is set here and concerns this person, a line each."""
    ports = ", ".join(map(str, services.ports))
    sees = (
        "You are an admin here: you see and delete all results"
        if actor.admin
        else ("You see your own results and those of the channels you are in, and delete your own")
    )
    rules = services.watch_rules
    return "\n".join(
        [
            f"• {sees}",
            f"• {retention(services.retention_days)}",
            f"• Days such as `yesterday` are those of your time zone in Slack, {escape(actor.zone, 60)}",
            f"• Ports that may be checked: {ports}",
            f"• {PER_USER.times} checks a minute for each person, {PER_TARGET.times} for each target",
            f"• {PER_PORT.times} checks an hour for each port of a target; watches do not count",
            f"• Watches: at most {rules.most:,} here, each at most every {shown(rules.shortest)}",
            f"• Pasted PowerMTA configs are {configs_kept(keep=services.keep_configs)}",
        ]
    )


def configs_kept(*, keep: bool) -> str:
    return "kept where they are understood, secrets covered" if keep else "not kept, only what was found in them"


def retention(days: int) -> str:
    if not days:
        return "Results are kept until somebody deletes them"
    return f"Results are deleted after {plural(days, 'day')}; export what you want to keep"
