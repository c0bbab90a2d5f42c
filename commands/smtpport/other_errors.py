"""What else is in a question that holds several errors: one answer is about one of them. Pure, and total."""

import re
from collections.abc import Iterator

from commands.smtpport.evidence.replies import REPLY
from commands.smtpport.question.reader import read

MOST, LONGEST = 8, 400
"""Errors that are told apart, and characters of one."""

_QUOTED = re.compile(r"`([^`\n]{8,400})`")
_FRONT = " \t>*•-`|"


def other_errors(text: str, symptom: str | None) -> list[str]:
    """Those of another kind than the one that was read, each as it was written, and each kind once.

    A paragraph of its own, a line or a quotation with a reply of its own is one: one bounce has many lines.
    """
    found: dict[str, str] = {}
    for part in list(_parts(text))[:MOST]:
        asked = read(part)
        if asked.tells and asked.symptom is not None:
            found.setdefault(asked.symptom, part)
    if symptom is None or symptom not in found:
        return []
    mine = _codes(found[symptom])
    return [part for kind, part in found.items() if kind != symptom and not (_codes(part) and _codes(part) <= mine)]


def _codes(part: str) -> set[tuple[str, ...]]:
    """The replies of which it is: the same one quoted twice is one error."""
    return {
        tuple(re.findall(r"[45]\d\d|[45]\.\d{1,3}\.\d{1,3}", match[0][:20])) for match in REPLY.finditer(part.lower())
    }


def _parts(text: str) -> Iterator[str]:
    paragraphs = [part.strip(_FRONT + "\n") for part in re.split(r"\n\s*\n", text.strip())]
    lines = [line.strip(_FRONT) for line in text.splitlines()]
    quoted = _QUOTED.findall(text)
    several = (paragraphs, [line for line in lines if _replies(line)], [one for one in quoted if _replies(one)])
    parts = next((one for one in several if len(one) > 1), [])
    return (part for part in parts if 0 < len(part) <= LONGEST)


def _replies(line: str) -> bool:
    """A refusal stands at its beginning, or as what a server is quoted with."""
    match = REPLY.search(line.lower())
    return match is not None and (
        match.start() == 0 or bool(re.search(r"[a-z(;:'\"]\W{0,3}$", line[: match.start()].lower()))
    )
