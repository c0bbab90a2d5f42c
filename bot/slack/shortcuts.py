"""The shortcuts: those on a message read it and answer in its thread, those from anywhere open a form.

Slack shows a private answer in a thread only where there is one; where nobody has answered the message yet, it stands
in the channel. Slack's names of shortcuts hold 24 characters.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from bot.services import Services
from bot.slack.conversation.sentence.message_hosts import MOST, hosts_of
from commands.blocks import context
from commands.contract import Handler, Reply, Request, Step
from commands.plural import plural
from commands.slack_text import undo
from commands.smtpcheck.arguments import MOST_TARGETS
from commands.smtpcheck.handler import COMMAND as SMTPCHECK
from commands.smtpport.handler import COMMAND as SMTPPORT
from commands.smtpport.question.reader import MOST_TEXT, read

NO_HOSTS = ":information_source: No host and no address stands in that message."
NO_ERROR = ":information_source: Nothing in that message is an error of a mail client or server that Portero knows."


@dataclass(frozen=True, slots=True)
class Reading:
    """One on a message."""

    callback: str
    name: str
    description: str
    command: str
    handle: Handler[Services]


@dataclass(frozen=True, slots=True)
class Opening:
    """One from anywhere: it does what a button of its command (`action`) does, which opens a form."""

    callback: str
    name: str
    description: str
    command: str
    action: str


async def check_hosts(request: Request, services: Services) -> AsyncIterator[Step]:
    """As `/smtpcheck` with the first hosts: of several, one answer."""
    found = await asyncio.to_thread(hosts_of, undo(_read(request)))
    if not found:
        yield Reply(NO_HOSTS, good=False)
        return
    text = " ".join(found[:MOST_TARGETS])
    async for step in SMTPCHECK.handle(replace(request, text=text, attachments=()), services):
        yield _with_rest(step, found) if isinstance(step, Reply) else step


def _with_rest(answer: Reply, found: Sequence[str]) -> Reply:
    """That there are more than were checked."""
    if len(found) <= MOST_TARGETS:
        return answer
    least = "At least " * (len(found) == MOST)
    said = f"{least}{plural(len(found), 'host')} stand in that message; the first {MOST_TARGETS} were checked."
    return replace(answer, text=f"{answer.text}\n{said}", blocks=[*answer.blocks, context(said)])


async def explain_error(request: Request, services: Services) -> AsyncIterator[Step]:
    """As `/smtpport` with the error."""
    found = await asyncio.to_thread(_piece_with_error, _read(request))
    if found is None:
        yield Reply(NO_ERROR, good=False)
        return
    async for step in SMTPPORT.handle(replace(request, text=found, attachments=()), services):
        yield step


def _piece_with_error(text: str) -> str | None:
    """The first lines, as many as are read at once, in which somebody reports an error."""
    pieces = [""]
    for line in text.splitlines(keepends=True):
        if len(pieces[-1]) + len(line) > MOST_TEXT:
            pieces.append("")
        pieces[-1] += line[:MOST_TEXT]
    questions = ((piece, read(undo(piece)[:MOST_TEXT])) for piece in pieces)
    return next((piece for piece, asked in questions if asked.symptom or asked.unread_report), None)


def _read(request: Request) -> str:
    """What the message says; where that is nothing, what its files do."""
    files = (attachment.content.decode("utf-8", "replace") for attachment in request.attachments)
    return request.text if request.text.strip() else "\n".join(files)


READING = (
    Reading(
        "check_hosts",
        "Check hosts in message",
        "Check the hosts in this message: up to five, also those in Received lines and in logs",
        "smtpcheck",
        check_hosts,
    ),
    Reading(
        "explain_error",
        "Explain this error",
        "Say what the error in this message means, and what to do about it",
        "smtpport",
        explain_error,
    ),
)
"""Beside those that commands bring themselves (`Command.shortcuts`)."""

OPENING = (
    Opening("check_host", "Check a host", "Check the SMTP ports of a host", "smtpcheck", "ask"),
    Opening("which_port", "Which port?", "Ask which SMTP port to use, and why", "smtpport", "form"),
    Opening("validate_config", "Validate a config", "Check a PowerMTA config that you paste or upload", "pmta", "form"),
)
