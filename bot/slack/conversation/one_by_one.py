"""Several orders in one message, done one after the other and answered in one."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from bot.services import Services
from commands.blocks import section
from commands.contract import Handler, Reply, Request, Step, UserError


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
                refused = f":grey_exclamation: {error.message}"
                told.append(Reply(refused, [section(refused)], good=False))
        yield _joined(told)

    return doing


def _joined(told: Sequence[Reply]) -> Reply:
    blocks = [block for one in told for block in one.blocks]
    return replace(told[-1], text="\n".join(one.text for one in told), blocks=blocks, private=False)
