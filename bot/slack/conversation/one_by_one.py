"""Several things of one message, done or asked, one after the other and answered in one."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from bot.services import Services
from bot.slack.conversation.sentence.phrases import CONVERSATION
from bot.slack.conversation.sentence.understood import PLAIN
from bot.slack.replies.spoken import in_message
from bot.slack.requests.job import Job
from commands.blocks import section
from commands.contract import Handler, Modal, Reply, Request, Step, UserError


def one_by_one(handler: Handler[Services], lines: Sequence[str]) -> Handler[Services]:
    """The same for each of these lines. One that is refused says so behind what was done before it."""

    async def doing(request: Request, services: Services) -> AsyncIterator[Step]:
        told: list[Reply] = []
        for line in lines:
            try:
                async for step in handler(replace(request, text=line), services):
                    if isinstance(step, Reply):
                        told.append(step)
                    else:
                        yield step
            except UserError as error:
                if not told:
                    raise
                told.append(_refused(error))
        yield joined(told)

    return doing


def together(jobs: Sequence[Job]) -> Handler[Services]:
    """What each of them answers, in one. Where one is for the asker's eyes, all of it is."""

    async def answering(request: Request, services: Services) -> AsyncIterator[Step]:
        told: list[Reply] = []
        for job in jobs:
            asked = job.request
            try:
                each = replace(request, command=asked.command, text=asked.text, value=asked.value)
                async for step in job.handler(each, services):
                    if isinstance(step, Reply | Modal):
                        told.append(in_message(step) if isinstance(step, Modal) else step)
                    else:
                        yield step
            except UserError as error:
                told.append(_refused(error))
        each_once = _each_once(told)
        about = next((one.subject for one in each_once if one.subject), None)
        private = any(one.private for one in each_once)
        files = tuple(file for one in each_once for file in one.files)
        yield replace(joined(each_once), private=private, subject=about, files=files)

    return answering


def only_tells(job: Job) -> bool:
    """Whether it was understood as what changes nothing: what several questions of one message are."""
    first = job.request.text.partition(" ")[0]
    if job.command.name == CONVERSATION:
        return job.request.text == PLAIN or job.request.text.endswith("?")
    tells = TELLS.get(job.command.name)
    return tells is not None and (not tells or first in tells)


TELLS = {
    "smtpcheck": frozenset[str](),
    "smtphistory": frozenset[str](),
    "smtpport": frozenset[str](),
    "smtpwatch": frozenset({"list", "show", "incidents"}),
    "portero": frozenset({"log", "status", "vantages", "help"}),
}
"""By command what its text may begin with; nothing: whatever it is."""


def _each_once(told: Sequence[Reply]) -> list[Reply]:
    """Without what another one says, too."""
    return [
        one
        for at, one in enumerate(told)
        if not any(one.text in other.text and (one.text != other.text or at > by) for by, other in enumerate(told))
    ]


def _refused(error: UserError) -> Reply:
    said = f":grey_exclamation: {error.message}"
    return Reply(said, [section(said)], good=False)


def joined(told: Sequence[Reply]) -> Reply:
    """What was told, as one answer."""
    each = [block for one in told for block in (one.blocks or [section(one.text)])]
    blocks = [block for at, block in enumerate(each) if block.get("type") != "actions" or block not in each[:at]]
    return replace(told[-1], text="\n".join(one.text for one in told), blocks=blocks, private=False)
