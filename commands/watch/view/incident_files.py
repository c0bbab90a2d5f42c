"""Incidents as files: Markdown for a postmortem, CSV for a spreadsheet, JSON for programs. Pure.

Markdown and CSV are for people: times in UTC, all of it escaped. In texts people and channels have their names where
they are known (`names`, by id), in fields their ids. JSON has codes and times:

    {"schema": "portero.incidents/1", "incidents": [{"id", "watch", "target", "kind", "channel", "since", "ended",
     "ending": "" | "recovered" | "accepted" | "no longer watched" | "moved", "seconds", "unwatched_seconds",
     "well_seconds", "failing": [codes], "acknowledged_by", "acknowledged_at", "told": [ids], "flapping", "runbook",
     "timeline": [{"at", "kind", "text"}]}]}

From `since` to `ended` are `seconds` (down), `unwatched_seconds` (it was paused or deleted) and `well_seconds` (up
between, of one that flaps or of several). Several that were told in one message are one, with `parts`: each with what
is its own.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from commands.csv_cells import csv_cell
from commands.markdown_text import in_markdown
from commands.watch.state.story import Story, Together
from commands.watch.view.plain_text import NOBODY, mentioned, plain
from commands.watch.view.stories import entries, facts, headline

SCHEMA = "portero.incidents/1"
OPEN_QUESTIONS = ("Cause", "What helped", "What follows")
"""What only people know; the headings stand there for them."""


def ids_in(found: Sequence[Story], now: datetime) -> set[str]:
    """Of whom and of which channels the names are wanted."""
    said = (text for story in found for text in (*facts(story, now), *(words for _, words in entries(story))))
    return {story.first.channel for story in found}.union(*map(mentioned, said))


def markdown(found: Sequence[Story], now: datetime, names: Mapping[str, str]) -> str:
    return "\n".join(_postmortem(story, now, names) for story in found)


def _postmortem(story: Story, now: datetime, names: Mapping[str, str]) -> str:
    lines = [f"# {_escaped(headline(story), names)}", ""]
    lines += [f"- {_escaped(line, names)}" for line in facts(story, now)]
    of = f"of {len(story.parts)} watches" if isinstance(story, Together) else f"of the watch {story.first.watch}"
    channel = _escaped(f"<#{story.first.channel}>", names)
    lines += [f"- Incident {story.id} {of} in {channel}", ""]
    lines += ["## Timeline (UTC)", ""]
    lines += [f"- {_minute(event.at)} {_escaped(said, names)}" for event, said in entries(story)]
    for heading in OPEN_QUESTIONS:
        lines += ["", f"## {heading}", ""]
    return "\n".join([*lines, ""])


def _escaped(mrkdwn: str, names: Mapping[str, str]) -> str:
    return in_markdown(plain(mrkdwn, names))


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def as_csv(found: Sequence[Story], now: datetime, names: Mapping[str, str]) -> str:
    """A row for each incident of a watch; `message` is the same for those that were told in one."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for story in found:
        notes = " / ".join(one["text"] for one in document(story, now, names)["timeline"] if one["kind"] == "noted")
        for part in story.parts if isinstance(story, Together) else (story,):
            about = document(part, now)
            lists = {"failing": "; ".join(about["failing"]), "told": " ".join(about["told"])}
            cells = {**about, **lists, "notes": notes, "message": story.id}
            rows.writerow([csv_cell(cells[name]) for name in COLUMNS])
    return out.getvalue()


COLUMNS = (
    "id", "watch", "target", "kind", "channel", "since", "ended", "ending", "seconds", "failing", "acknowledged_by",
    "acknowledged_at", "told", "flapping", "notes", "message", "unwatched_seconds", "well_seconds",
)  # fmt: skip


def as_json(found: Sequence[Story], now: datetime, names: Mapping[str, str]) -> str:
    return (
        json.dumps({"schema": SCHEMA, "incidents": [document(story, now, names) for story in found]}, indent=1) + "\n"
    )


def as_lines(found: Sequence[Story], now: datetime, names: Mapping[str, str]) -> str:
    return "".join(f"{json.dumps(document(story, now, names))}\n" for story in found)


def document(story: Story, now: datetime, names: Mapping[str, str] = NOBODY) -> dict[str, Any]:
    acked, first = next(iter(story.acks), None), story.first
    return {
        "id": story.id,
        "watch": first.watch,
        "target": first.target,
        "kind": first.watch_kind,
        "channel": first.channel,
        "since": _instant(story.since),
        "ended": _instant(story.ended) if story.ended else None,
        "ending": story.ending,
        **_durations(story, now),
        "failing": list(story.failing),
        "acknowledged_by": acked[0] if acked else None,
        "acknowledged_at": _instant(acked[1]) if acked else None,
        "told": list(story.told),
        "flapping": bool(story.said("flapping")),
        "runbook": story.said("runbook"),
        "timeline": [
            {"at": _instant(event.at), "kind": event.kind, "text": plain(said, names)} for event, said in entries(story)
        ],
        **({"parts": [_part(part, now) for part in story.parts]} if isinstance(story, Together) else {}),
    }


def _durations(story: Story, now: datetime) -> dict[str, int]:
    """What the time from its beginning to its end, or to now, was."""
    down, unwatched = story.lasted(now), story.unlooked
    well = max((story.ended or now) - story.since - unwatched - down, timedelta())
    parts = {"seconds": down, "unwatched_seconds": unwatched, "well_seconds": well}
    return {name: int(long.total_seconds()) for name, long in parts.items()}


def _part(story: Story, now: datetime) -> dict[str, Any]:
    return {name: value for name, value in document(story, now).items() if name in PART}


PART = ("id", "watch", "target", "since", "ended", "ending", "seconds", "unwatched_seconds", "well_seconds", "failing")


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


FILES: Mapping[str, tuple[str, Callable[[Sequence[Story], datetime, Mapping[str, str]], str]]] = {
    "markdown": ("md", markdown),
    "csv": ("csv", as_csv),
    "json": ("json", as_json),
    "jsonl": ("jsonl", as_lines),
}
"""By the word that is typed: how the file's name ends, and what makes it."""
