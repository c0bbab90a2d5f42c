"""Watches in Slack: the list, help, and what was done to one. One watch with everything about it is in `card`."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from commands.blocks import Block, actions, button, confirm, context, menu, section
from commands.contract import Reply
from commands.natural_order import natural
from commands.plural import by_count, plural
from commands.slack_text import code_span, escape, in_code
from commands.times import shown
from commands.watch.state.certificates import ending
from commands.watch.state.condition import condition_of
from commands.watch.state.model import Watch
from commands.watch.state.selector import Selector
from commands.watch.state.unseen import is_overdue
from commands.watch.view.alert_lines import ending_lines
from commands.watch.view.condition import care_words, icon, quiet, standings, with_certificate
from commands.watch.view.wording import called, link, name_of, person, ports_of, somebody, watched_and_left_out, when

ROWS = 25
NAMES = 8
"""Targets that an answer about several names."""

BAD_FIRST = {"down": 0, "recovering": 1, "failing": 2, "new": 3, "up": 4}
PAUSED = 2.5
ADD = button("Add a watch", "smtpwatch.new", style="primary")
ABOUT = "A watch is named by its id or its target. Everybody who is in its channel sees it and may change it."
DELETE = confirm("Delete this watch?", "It stops alerting at once. For ten minutes Undo brings it back.", "Delete")


@dataclass(frozen=True, slots=True)
class Page:
    """`text` is what is listed, as it is typed; `whole`: everything on one.

    `instead` is the nearest to choose where nothing fits; `of` are all that it was chosen from, by `criteria` (mrkdwn).
    `owners` names whose each is, which mentions them.
    """

    text: str = "all"
    number: int = 1
    in_place: bool = False
    whole: bool = False
    instead: str = ""
    of: Sequence[Watch] = ()
    criteria: str = ""
    owners: bool = False


FIRST = Page()


def criteria(chosen: Selector) -> str:
    """What is said beside the scope, as mrkdwn."""
    return f"({code_span(replace(chosen, scope='').text)})" if chosen.narrows else ""


BEGIN = "`/smtpwatch add mail.example.com every 15m` looks at a host and alerts; `/smtpwatch help` shows more."
NEAREST = "The closest match: `/smtpwatch list {text}`"


def overview(watches: Sequence[Watch], where: str, at: datetime, page: Page = FIRST) -> Reply:
    """The list: what is bad first, then what is paused, each with its state; a menu opens one. `where` is mrkdwn."""
    if not watches:
        text = "\n".join(_nothing(where, at, page))
        return Reply(text, [section(text), actions(ADD)], replace=page.in_place)
    ordered = sorted(watches, key=lambda watch: (_bad_first(watch), natural(watch.target)))
    counted = Counter(condition_of(watch, at).standing for watch in watches)
    chosen = f"{len(watches):,} of " if page.of else ""
    found = f"{chosen}{plural(len(page.of or watches), 'watch', 'watches')}"
    states = f": {_states(watches, at)}" if len(counted) > 1 or not page.criteria else ""
    title = f"*{found} {where}* {page.criteria}".rstrip() + states
    first = 0 if page.whole else (page.number - 1) * ROWS
    there = ordered if page.whole else ordered[first : first + ROWS]
    rows = [row(watch, at, of=OWNER.format(who=person(watch.owner)) if page.owners else "") for watch in there]
    soon = [*_overdue(watches, at), *ending_lines(ending(watches, at))]
    options = [(watch.id, label(watch)) for watch in there]
    note = [context(f"{first + 1} to {first + len(there)} of {len(ordered)}")] if len(there) < len(ordered) else []
    blocks = [
        section("\n".join([title, *soon])),
        *(section("\n".join(rows[at_ : at_ + 5])) for at_ in range(0, len(rows), 5)),
        *note,
        actions(
            *([menu("smtpwatch.open", options, "Open a watch")] if options else []), *_turning(page, len(ordered)), ADD
        ),
    ]
    return Reply("\n".join([title, *soon, *rows]), blocks, replace=page.in_place, good=not counted["down"])


OVERDUE = (
    ":large_yellow_circle: One of them should have run since: what is said of it is of {since}.",
    ":large_yellow_circle: {count} of them should have run since: what is said of them is of {since} or later.",
)


def _overdue(watches: Sequence[Watch], at: datetime) -> Iterator[str]:
    late = [watch.state.last_at or watch.created_at for watch in watches if is_overdue(watch, at)]
    if late:
        yield by_count(len(late), OVERDUE).format(count=len(late), since=when(min(late)))


def _nothing(where: str, at: datetime, page: Page) -> Iterator[str]:
    """Of no watches what there is to do; of several that were chosen from what was looked for."""
    total = plural(len(page.of), "watch", "watches")
    if not page.of:
        yield f"*No watches {where}*"
    elif page.criteria in NOTHING:
        yield f"*Nothing is {NOTHING[page.criteria]}*: {total} {where}, {_states(page.of, at)}."
        return
    else:
        yield f"*0 of {total} {where}* {page.criteria}"
    if page.instead or not page.of:
        yield NEAREST.format(text=in_code(page.instead, 200)) if page.instead else BEGIN


NOTHING = {"(`down`)": "down", "(`unseen`)": "unseen", "(`quiet`)": "kept quiet"}
"""By what was chosen, what it is good news that nothing is."""


def _states(watches: Sequence[Watch], at: datetime) -> str:
    return standings(Counter(condition_of(watch, at).standing for watch in watches))


def _turning(page: Page, total: int) -> Iterator[Block]:
    if page.number > 1:
        yield button("Back", "smtpwatch.page", f"{page.number - 1} {page.text}")
    if page.number * ROWS < total:
        yield button("More", "smtpwatch.page", f"{page.number + 1} {page.text}")


def several(done: Sequence[Watch], chosen: Selector, how: str, here: str) -> str:
    """What was done to which watches, as mrkdwn; where they alert, if that is not `here` alone."""
    names = list(dict.fromkeys(name_of(watch) for watch in done))
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    verb = "are" if len(done) != 1 else "is"
    listed = f": {', '.join(names[:NAMES])}{more}" if names else ""
    of = "" if chosen.named else f" of {code_span(chosen.text)}"
    counted = f"*{plural(len(done), 'watch', 'watches')}*{of}"
    return f":white_check_mark: {counted}{_where(done, here)} {verb} {how}{listed}."


def _where(watches: Sequence[Watch], here: str) -> str:
    """In which channels they are, how many in each."""
    counted = Counter(watch.channel for watch in watches)
    if not counted or set(counted) == {here}:
        return ""
    places = {watch.channel: place(watch) for watch in watches}
    named = [f"{count} in {places[channel]}" for channel, count in counted.most_common(NAMES)]
    return f" ({', '.join([*named, *([f'{len(counted) - NAMES} more channels'] if len(counted) > NAMES else [])])})"


def until_when(words: str, until: datetime | None) -> str:
    return words.format(until=f"until {when(until)}" if until else "until somebody ends it")


def _bad_first(watch: Watch) -> float:
    """What is not seen comes after what is down, before all else; what is paused is looked at by nobody."""
    rank = PAUSED if watch.paused is not None else BAD_FIRST[watch.state.phase]
    return min(rank, 1.5) if condition_of(watch).standing == "unseen" else rank


def label(watch: Watch) -> str:
    """A watch as a choice, in plain text; the target comes last, since it may be long."""
    kind = {"check": "ports", "certificate": "certificates", "dns": "DNS", "network": "outbound ports"}[watch.kind]
    return " ".join(filter(None, (watch.id, kind, ports_of(watch.ports), watch.target)))


OWNER = "of {who}"


def row(watch: Watch, at: datetime, of: str = "") -> str:
    """One watch in one line or two: state, place, whose it is, and who keeps it quiet until when."""
    name = called(watch.target, watch.vantage, watch.kind, watch.ports)
    head = f"{icon(watch, at)} {name}: {with_certificate(watch, at)}"
    silent, care = quiet(watch, at), care_words(condition_of(watch))
    then = f"then {somebody(watch.then.notify, watch.handles)} after {shown(watch.then.after)}" if watch.then else ""
    runbook = link(watch.runbook, "runbook") if watch.runbook else ""
    every = f"every {shown(watch.every)} in {place(watch)}"
    ports, tags = watched_and_left_out(watch), " ".join(code_span(f"tag:{tag}") for tag in watch.tags)
    more = (care, silent, ports, every, of, then, runbook, tags, f"`{watch.id}`")
    return f"{head}\n      {' · '.join(filter(None, more))}"


def place(watch: Watch) -> str:
    return f"<#{escape(watch.channel, 40)}>" if watch.channel[:1] in {"C", "G"} else "direct messages"


def more(id: str, choices: Sequence[tuple[str, str]]) -> Block:  # noqa: A002 - the name of the field
    """The overflow menu: at most five choices; its value is `<verb> <id>`."""
    options = [{"text": {"type": "plain_text", "text": words}, "value": f"{verb} {id}"} for verb, words in choices]
    return {"type": "overflow", "action_id": "smtpwatch.more", "options": options}


def said(text: str, *buttons: Block, good: bool = True) -> Reply:
    """One sentence about what was done."""
    return Reply(text, [section(text), *([actions(*buttons)] if buttons else [])], good=good)


def ask_delete(watch: Watch, asker: str) -> Reply:
    incident = watch.state.incident
    is_open = f" Its incident, open since {when(incident.since)}, is closed with it." if incident is not None else ""
    text = f"Delete the watch on *{name_of(watch)}* in {place(watch)} (`{watch.id}`)?{is_open}"
    return said(text, button("Delete", "smtpwatch.delete", f"{watch.id} {asker}", style="danger", confirm=DELETE))


def deleted(watch: Watch) -> Reply:
    text = (
        f":wastebasket: The watch on *{name_of(watch)}* is deleted. "
        f"Undo works for ten minutes: press the button or type `/smtpwatch undo {watch.id}`."
    )
    return said(text, button("Undo", "smtpwatch.undo", watch.id))
