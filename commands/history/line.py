"""One result in one line: the same in a list, in Home and in a terminal. Remote text is escaped here."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from commands.blocks import Block, beside, button, date, section
from commands.history.folding import Fold
from commands.history.wording import VERDICT_ICONS
from commands.plural import plural
from commands.slack_text import clean, escape
from commands.smtpcheck.result.sentences.choice import summary_in
from commands.smtpcheck.result.sentences.languages import WORDS
from storage.entries import LOCAL
from storage.history import FAILED, Endpoint, Entry, Line

SLACK_USER = re.compile(r"[UW][A-Z0-9]{2,}")
OPENERS = {"check": "smtpcheck.details", "network": "smtpcheck.details", "port": "smtpport.open", "pmta": "pmta.open"}
"""The button that opens a stored result of a kind: its own slice knows how it looks."""

NAMED = 2
"""People whom one line names beside the one who asked."""

NO_FAULTS: Mapping[str, str] = {}
SOME = " at some addresses"
GROUPS = 4
"""States, with hosts, that one line tells."""


def when(moment: datetime) -> str:
    """A time in the reader's own zone."""
    return date(moment.timestamp(), f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


def who(actor: str, surface: str) -> str:
    """`@ana`, or `watch of @ana` for what a watch ran in her name."""
    if surface == "watch":
        return f"watch of {_person(actor)}" if actor else "a watch"
    if surface == "workflow":
        return f"workflow for {_person(actor)}" if actor else "a workflow"
    return _person(actor) if actor else {"terminal": "a terminal"}.get(surface, "nobody known")


def seen_from(vantage: str) -> str:
    """Which place saw it, where that is another machine."""
    return f" from {escape(vantage, 40)}" if vantage != LOCAL else ""


def together(asked: Line | Entry) -> str:
    """`asked together with @ana and 2 more`: who else asked at the same moment, as far as the reader may know."""
    others = [actor for actor in dict.fromkeys(each.actor for each in asked.others) if actor != asked.actor]
    named, more = list(map(_person, others[:NAMED])), len(others) - NAMED
    said = [*named[:-1], f"{named[-1]} and {more} more"] if more > 0 else named
    return f"asked together with {', '.join(said)}" if said else ""


def last_result(entry: Entry) -> str:
    """What was seen since, below a result that is not the last."""
    return f"Last result, {when(entry.started_at)}: it {_verdict(entry.verdict)}"


def _verdict(verdict: str) -> str:
    return WORDS.VERDICTS.get(verdict, escape(verdict, 40))


def _person(actor: str) -> str:
    """A mention where it is a person of Slack. Mentions in an edited or private message alert nobody."""
    return f"<@{actor}>" if SLACK_USER.fullmatch(actor) else escape(actor, 60)


def headline(line: Line) -> str:
    """Verdict and subject: `:x: *mail.example.com* is not usable`."""
    icon = VERDICT_ICONS.get(line.verdict, ":grey_question:")
    if line.alerted and line.verdict not in FAILED:
        return f":warning: *{escape(line.target, 120)}* {_verdict(line.verdict)}, but not all that is watched"
    if line.kind == "check":
        return f"{icon} *{escape(line.target, 120)}* {_verdict(line.verdict)}"
    about = f"*{escape(line.target, 120)}*: " if line.target else ""
    return f"{icon} {about}{escape(summary_in(line.summary), 200)}"


def ports(endpoints: Sequence[Endpoint], most: int = 8) -> str:
    """`465, 587 open; 25 no answer`: by state, open ones first; with the host where a port differs between hosts."""
    groups: dict[str, dict[int, None]] = {}
    for endpoint in sorted(endpoints, key=lambda endpoint: (endpoint.state != "open", endpoint.port)):
        words = f"{WORDS.STATES.get(endpoint.state, clean(endpoint.state, 30))}{_where(endpoint, endpoints)}"
        groups.setdefault(words, {})[endpoint.port] = None
    said = [f"{', '.join(map(str, list(found)[:most]))} {words}" for words, found in groups.items()]
    more = [f"{len(said) - GROUPS} more"] if len(said) > GROUPS else []
    return escape("; ".join([*said[:GROUPS], *more]), 240)


def _where(endpoint: Endpoint, endpoints: Sequence[Endpoint]) -> str:
    """Nothing where the port looks the same on all hosts."""
    same: set[str] = set()
    others: set[str] = set()
    for each in endpoints:
        if each.port == endpoint.port:
            (same if each.state == endpoint.state else others).add(each.host)
    if not others:
        return ""
    if same & others:
        shown = [each.state for each in endpoints if (each.host, each.port) == (endpoint.host, endpoint.port)]
        return f" at {shown.count(endpoint.state)} of {len(shown)} addresses" if len(same | others) == 1 else SOME
    return f" on {clean(endpoint.host, 60)}" if len(same) == 1 else f" on {len(same)} of {len(same | others)} hosts"


def written(shown: Line | Fold, *, mine: bool = False, fault: str = "") -> str:
    """Two lines of mrkdwn: what, and below it ports, a fault, who (of `mine` nobody needs to be told) and when."""
    line = shown.newest if isinstance(shown, Fold) else shown
    facts = [*([ports(line.endpoints)] if line.endpoints else []), *([f"*{escape(fault, 240)}*"] if fault else [])]
    asked = when(line.started_at)
    whose = [*([] if mine else [who(line.actor, line.surface)]), together(line), asked]
    facts.append(", ".join(filter(None, whose)))
    if isinstance(shown, Fold) and shown.count > 1:
        since = f"since {when(shown.oldest.started_at)}{' or longer' if shown.cut else ''}"
        facts.append(f"*{plural(shown.count, 'equal result')}* {since}")
    return f"{headline(line)}{seen_from(line.vantage)}\n{' · '.join(facts)}"


def rows(lines: Sequence[Line | Fold], *, mine: bool = False, faults: Mapping[str, str] = NO_FAULTS) -> list[Block]:
    """Each with a button that opens it (of equal ones the newest); a result of a kind that nobody shows has none."""
    return [row_of(written(line, mine=mine, fault=faults.get(id_of(line), "")), line) for line in lines]


def id_of(shown: Line | Fold) -> str:
    return shown.newest.id if isinstance(shown, Fold) else shown.id


def row_of(text: str, shown: Line | Fold) -> Block:
    """A text beside the button that opens what it is about."""
    line = shown.newest if isinstance(shown, Fold) else shown
    opener = OPENERS.get(line.kind)
    return beside(text, button("Open", opener, line.id)) if opener else section(text)
