"""Mail logs that come as files: the failure that each tells of most is read as if its line had been pasted."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from bot.services import Services
from bot.slack.conversation.one_by_one import joined
from commands.blocks import section
from commands.contract import Attachment, Handler, Reply, Request, Step, UserError
from commands.plural import plural
from commands.pmta.sent.archive import is_archive, opened
from commands.secrets.masking import masked
from commands.slack_text import escape
from commands.smtpport.log_files import MailLog, mail_log

OTHERS, LONGEST = 3, 200
"""Lines of other kinds that are shown, and characters of each."""


def reading_logs(handler: Handler[Services], pasted: Handler[Services]) -> Handler[Services]:
    """The same, but of each file that is a mail log what `pasted` says of its most frequent failure."""

    async def reading(request: Request, services: Services) -> AsyncIterator[Step]:
        logs, others = await asyncio.to_thread(_sorted, request.attachments)
        if not logs:
            async for step in handler(request, services):
                yield step
            return
        told: list[Reply] = []
        async for step in _each(logs, others, request, services, (handler, pasted)):
            if isinstance(step, Reply):
                told.append(step)
            else:
                yield step
        yield joined(told) if len(told) > 1 else told[0]

    return reading


async def _each(
    logs: Sequence[tuple[str, MailLog]],
    others: Sequence[Attachment],
    request: Request,
    services: Services,
    handlers: tuple[Handler[Services], Handler[Services]],
) -> AsyncIterator[Step]:
    """What is said of each file, and what it was read as."""
    handler, pasted = handlers
    for name, log in logs[:MOST]:
        async for step in _read(name, log, request, services, pasted):
            yield step
    if more := [f"*{escape(masked(name), 80)}*" for name, _ in logs[MOST:]]:
        yield _line(f"Not read, for {MOST} logs are read at once: {', '.join(more)}.")
    if others:
        yield _line(f"Read as a config of PowerMTA: {_names(others)}")
        async for step in handler(replace(request, attachments=tuple(others)), services):
            yield step


MOST = 3
"""Logs of one message that are read."""


async def _read(
    name: str, log: MailLog, request: Request, services: Services, pasted: Handler[Services]
) -> AsyncIterator[Step]:
    said = _said(log, name)
    if not log.failures:
        yield _line(said)
        return
    line = escape(log.failures[0][1])
    async for step in pasted(replace(request, text=line, attachments=()), services):
        yield _between(said, step, _others(log)) if isinstance(step, Reply) else step


def _line(said: str) -> Reply:
    return Reply(said, [section(said)])


def _names(files: Sequence[Attachment]) -> str:
    return ", ".join(f"*{escape(masked(file.name), 80)}*" for file in files)


def _sorted(files: Sequence[Attachment]) -> tuple[list[tuple[str, MailLog]], list[Attachment]]:
    """The logs by name, in archives, too; and what is none. An archive without a log stays as it is."""
    logs: list[tuple[str, MailLog]] = []
    others: list[Attachment] = []
    for file in files:
        inside = _opened(file)
        found = [(one, log) for one in inside if (log := mail_log(one.content))]
        logs += [(one.name, log) for one, log in found]
        others += [one for one in inside if one not in [log for log, _ in found]] if found else [file]
    return logs, others


def _opened(file: Attachment) -> Sequence[Attachment]:
    """What is in an archive; of one that cannot be read the command says why."""
    if not is_archive(file.content):
        return [file]
    try:
        return opened(file.content, file.name)[0]
    except UserError:
        return []


def _said(log: MailLog, name: str) -> str:
    of = f"*{escape(masked(name), 80)}*: {'the last ' * log.is_cut}{plural(log.lines, 'line')}"
    if not log.failures:
        return f"{of}, and none tells of a failure."
    failures = plural(sum(count for count, _ in log.failures), "failure")
    if len(log.failures) == 1:
        return f"{of}, {failures}. It reads:" if failures.startswith("1 ") else f"{of}, {failures}, all alike:"
    return f"{of}, {failures} of {len(log.failures)} kinds. The most frequent ({log.failures[0][0]}):"


def _others(log: MailLog) -> str:
    """The last lines of the next kinds, for whoever wants them read, too."""
    others = [f"{count} × {masked(line)[:LONGEST]}".replace("`", "'") for count, line in log.failures[1 : 1 + OTHERS]]
    return f"Of the others paste a line to have it read:\n```{escape(chr(10).join(others))}```" if others else ""


def _between(before: str, reply: Reply, behind: str) -> Reply:
    blocks = [section(before), *(reply.blocks or [section(reply.text)]), *([section(behind)] if behind else [])]
    return replace(reply, text="\n".join(filter(None, (before, reply.text, behind))), blocks=blocks)
