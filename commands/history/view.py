"""The history in Slack: a page of results, and above it what is known of one target."""

import re
from collections.abc import Iterator, Mapping

from commands.blocks import Block, actions, button, context, divider, section
from commands.contract import Reply
from commands.history.about import About
from commands.history.about_view import blocks_of, summary_of
from commands.history.export_formats import FORMATS
from commands.history.filters import Filters, described
from commands.history.instead import Instead
from commands.history.line import NO_FAULTS, row_of, rows, written
from commands.history.listing import Listing
from commands.history.typed_filters import LIKE_A_TARGET
from commands.history.wording import up_to
from commands.sharing import share_button
from commands.slack_text import code_span, escape, in_code
from storage.history import Line

NOBODY_ELSE = "All that you may see: `/smtphistory all`"
NOTHING_AT_ALL = "There is no result yet that you may see."
TRY = "Try `/smtpcheck mail.example.com`: what you do shows here."
ABOUT = (
    "Words in any order. You see your own results and those of the channels you are in. Without words: what you asked, "
    "and what was asked in this channel. Days are those of your time zone."
)
NONE_HERE = "You have checked, asked or validated nothing yet, nor has anybody in this channel."
LONGEST_HOST = 255
"""What is longer is no host, and Slack refuses a button that carries it."""
HOW = (
    "Narrow it down: `/smtphistory mail.example.com since 7d`, `/smtphistory failed port 587`, `/smtphistory pmta`; "
    "what watches ran: `/smtphistory watches`; all that you may see: `/smtphistory all`. More: `/smtphistory help`."
)


def page(listing: Listing, known: About | None, *, replace: bool, wrong: Mapping[str, str] = NO_FAULTS) -> Reply:
    """A page of results; bad news is none: the history only tells."""
    title = f"*{heading(listing.place.filters)}*"
    known = known if listing.place.number == 1 else None
    top = [section(title), *(blocks_of(known, listing.at) if known else [])]
    head = [*top, *([divider()] if known else []), context(_counted(listing))]
    blocks = [*head, *rows(listing.folds, faults=wrong), *_buttons(listing, known)]
    damaged = [left_out(listing.damaged)] if listing.damaged else []
    blocks += map(context, damaged)
    if listing.place.filters.empty:
        blocks.append(context(HOW))
    facts = summary_of(known, listing.at) if known else []
    text = "\n".join(
        [
            title,
            *facts,
            _counted(listing),
            *(written(fold, fault=wrong.get(fold.newest.id, "")) for fold in listing.folds),
            *damaged,
        ]
    )
    return Reply(text, blocks, replace=replace)


def one(line: Line, fault: str, *, replace: bool) -> Reply:
    """A result that was named by its id, with the button that opens it."""
    text = written(line, fault=fault)
    return Reply(text, [row_of(text, line)], replace=replace)


def left_out(damaged: int) -> str:
    """Of results that belong to an answer and cannot be read."""
    one = (
        "1 result is damaged and was left out" if damaged == 1 else f"{damaged:,} results are damaged and were left out"
    )
    return f":warning: {one}: whoever runs Portero has to restore a backup."


def nothing(filters: Filters, found: Instead | None, *, replace: bool) -> Reply:
    """No result: what there is instead, or how to find one."""
    titles = {Filters(): NONE_HERE, Filters(all=True): NOTHING_AT_ALL}
    title = titles.get(filters, f"Nothing found that you may see: *{heading(filters)}*")
    title += f"\n{no_word(filters)}" if may_be_a_word(filters) else ""
    text = f"{title}\n{_tip(filters, found)}"
    row = []
    if found and found.of_domain:
        row.append(button(f"History of {found.filters.target}", "smtphistory.instead", found.filters.target))
    if _is_a_host(filters.target) and filters.kind in {"", "check"}:
        row.append(button(f"Check {filters.target}", "smtpcheck.check", filters.target))
    return Reply(text, [section(text), *([actions(*row)] if row else [])], replace=replace)


NO_WORD = "{word} is not a filter, and nothing is called that; `/smtphistory help` has the words."


OF_WATCH = "{word} looks like the id of a watch: `/smtpwatch {id}` opens it."
_WATCH = re.compile(r"w-[a-z2-9]{5}")


def no_word(filters: Filters) -> str:
    """Of what was taken for a target and found nothing, what it is not, and what it may be."""
    word = code_span(filters.target, 60)
    return (OF_WATCH if _WATCH.fullmatch(filters.target) else NO_WORD).format(word=word, id=filters.target)


def may_be_a_word(filters: Filters) -> bool:
    """Whether what was taken for a target is not written like one: then it may have been meant as a filter."""
    return bool(filters.target) and filters.kind != "pmta" and not LIKE_A_TARGET.search(filters.target)


def _is_a_host(target: str) -> bool:
    """As far as offering a check goes: `network` and other words are none."""
    return len(target) <= LONGEST_HOST and bool({".", ":"} & set(target))


def _tip(filters: Filters, found: Instead | None) -> str:
    if found is None:
        return NOBODY_ELSE if filters.target else TRY
    line = f"`/smtphistory {in_code(found.filters.text, 300)}`"
    if found.of_domain:
        return f"It was looked at in results of {code_span(found.filters.target, 120)}: {line}"
    if not found.count:
        return f"Did you mean {line}?"
    total = up_to(found.count)
    if found.filters.watches:
        return f"What watches of theirs ran ({total}): {line}"
    if found.filters.all:
        return f"All that you may see ({total}): {line}"
    return f"Without the other words ({total}): {line}"


def heading(filters: Filters) -> str:
    """`mail.example.com: failed, port 587, since 7d ago`, as mrkdwn."""
    words = ", ".join(described(filters))
    if filters.empty:
        return "Your last results, and those of this channel"
    if filters == Filters(all=True):
        return "Everything that you may see"
    return ": ".join(filter(None, (escape(filters.target, 120) or "History", words)))


def _counted(listing: Listing) -> str:
    first = listing.place.first
    total = up_to(listing.total)
    if not listing.shown:
        return f"0 of {total}"
    if listing.total == 1:
        return "1 result"
    alike = ", equal runs of a watch as one line" if listing.shown > len(listing.folds) else ""
    return f"{first:,} to {first + listing.shown - 1:,} of {total}, newest first{alike}"


def _other(listing: Listing, known: About) -> str:
    """What the last result is set beside: nothing outside the time that was asked for but what stood there before."""
    if known.log.steps:
        return known.log.steps[-1].before
    if not listing.place.filters.since or listing.last is None or listing.last.id == known.last.id:
        return ""
    return listing.last.id


def _buttons(listing: Listing, known: About | None) -> Iterator[Block]:
    """Turning pages, then what can be done with the newest result, then the files."""
    place = listing.place
    row = []
    if place.number > 1:
        row.append(button("Newer", "smtphistory.newer", place.newer().written()))
    if listing.has_older and listing.last:
        row.append(button("Older", "smtphistory.older", place.older(listing.last.cursor, listing.shown).written()))
    if known:
        last = known.last
        again = " ".join([last.target, *dict.fromkeys(str(endpoint.port) for endpoint in last.endpoints)])
        row.append(button("Compare", "smtphistory.compare", " ".join(filter(None, (last.id, _other(listing, known))))))
        row.append(button("Check now", "smtpcheck.check", again))
        row.append(share_button("smtpcheck", last.id, beside=True))
    asked = place.filters.text or " "
    row += [button(f"Export {form.name}", f"smtphistory.{form.ending}", asked) for form in FORMATS]
    yield actions(*row)
