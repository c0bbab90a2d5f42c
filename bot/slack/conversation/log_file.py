"""A mail log that comes as a file: the failure that it tells of most is read as if its line had been pasted."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from bot.services import Services
from commands.blocks import section
from commands.contract import Attachment, Handler, Reply, Request, Step
from commands.plural import plural
from commands.secrets.masking import masked
from commands.slack_text import escape
from commands.smtpport.log_files import MailLog, mail_log

OTHERS, LONGEST = 3, 200
"""Lines of other kinds that are shown, and characters of each."""


def reading_logs(handler: Handler[Services], pasted: Handler[Services]) -> Handler[Services]:
    """The same, but of one file that is a mail log what `pasted` says of its most frequent failure."""

    async def reading(request: Request, services: Services) -> AsyncIterator[Step]:
        log = _log(request.attachments)
        if log is None:
            async for step in handler(request, services):
                yield step
            return
        said = _said(log, request.attachments[0].name)
        if not log.failures:
            yield Reply(said, [section(said)])
            return
        line = escape(log.failures[0][1])
        async for step in pasted(replace(request, text=line, attachments=()), services):
            yield _between(said, step, _others(log)) if isinstance(step, Reply) else step

    return reading


def _log(files: Sequence[Attachment]) -> MailLog | None:
    return mail_log(files[0].content) if len(files) == 1 else None


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
