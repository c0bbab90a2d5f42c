"""Where a result was shared, said in the private answer that it came from, and the button that takes it back. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from commands.blocks import Block, actions, button, context, section
from commands.contract import Actor, Reply, Share, TakeBack
from commands.sharing import share_button, written_place
from storage.shares import SharedResult

LINE = "shared"
"""The block id of the line."""

TODAY = timedelta(hours=12)
"""Of what is older the day is said, too."""

UNNAMED = "Slack did not say which post that is, so Portero cannot take it back."
UNDER_WAY = ":hourglass_flowing_sand: It is being shared there right now."
NOT_THERE = "It is not shared in {where} any more."
TAKEN_BACK = ":leftwards_arrow_with_hook: Taken back from {where}."
WAS_GONE = ":leftwards_arrow_with_hook: It was gone from {where} already: somebody had deleted it."
NOT_TAKEN_BACK = ":warning: Slack does not let Portero take it back from {where} (`{code}`)."


def where(channel: str, thread: str = "") -> str:
    place = f"<#{channel}>" if channel[:1] in {"C", "G"} else "direct messages"
    return f"a thread of {place}" if thread else place


def said(shared: SharedResult, reader: Actor, now: datetime, url: str = "") -> str:
    """`Shared in #ops, 12:31.`: by whom where that is somebody else, the time in the reader's zone. mrkdwn."""
    by = "" if shared.actor == reader.user else f" by <@{shared.actor}>"
    place = where(shared.channel, shared.thread)
    line = f":white_check_mark: Shared in {place}{by}, {_when(shared.at, reader, now, url)}."
    return line if shared.ts else f"{line} {UNNAMED}"


def _when(at: datetime, reader: Actor, now: datetime, url: str) -> str:
    day = "" if now - at < TODAY else "{date_short_pretty} "
    link = f"^{url}" if url else ""
    local = at.astimezone(ZoneInfo(reader.zone))
    fallback = f"{local:%H:%M}" if not day else f"{local:%Y-%m-%d %H:%M}"
    return f"<!date^{int(at.timestamp())}^{day}{{time}}{link}|{fallback}>"


def take_back_button(step: Share | TakeBack, shared: SharedResult) -> Block:
    place = written_place(shared.entry, shared.channel, shared.thread, beside=step.beside)
    return button("Take back", f"{step.command}.take_back", place)


def offered(step: Share, shared: SharedResult, reader: Actor) -> Block | None:
    """What can be pressed once it is shared: only who shared it takes it back, and only where Slack says which post."""
    if shared.actor != reader.user:
        return share_button(step.command, shared.entry, beside=step.beside)
    return take_back_button(step, shared) if shared.ts else None


def alone(line: str, offer: Block | None) -> Reply:
    """The line by itself, where no private answer can say it."""
    return Reply(line, [section(line), *([actions(offer)] if offer else [])])


def marked(copy: Reply, id: str, line: str, offer: Block | None) -> Reply:  # noqa: A002
    """The private answer with the line, and another button in the place of the one about this result."""
    before = next((block for block in copy.blocks if block.get("block_id") == LINE), None)
    said_before = f"\n{before['elements'][0]['text']}" if before else ""
    blocks: list[Block] = []
    for block in copy.blocks:
        if block is before:
            continue
        if block["type"] == "actions" and any(is_about(one, id) for one in block["elements"]):
            blocks.append({**context(line), "block_id": LINE})
            block = _with(block, id, offer)  # noqa: PLW2901
        blocks += [block] if block.get("elements", True) else []
    text = copy.text.removesuffix(said_before)
    return replace(copy, text=f"{text}\n{line}", blocks=blocks, replace=True)


def is_about(element: Block, id: str) -> bool:  # noqa: A002
    """Whether it is a button that shares this result, or takes it back."""
    verb = str(element.get("action_id", "")).partition(".")[2]
    return verb in {"share", "share_beside", "take_back"} and str(element.get("value", "")).split(" ")[0] == id


def _with(block: Block, id: str, offer: Block | None) -> Block:  # noqa: A002
    made: Sequence[Block | None] = [offer if is_about(one, id) else one for one in block["elements"]]
    return {**block, "elements": [one for one in made if one is not None]}
