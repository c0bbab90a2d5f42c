"""What is asked back of watches by the names of their hosts, where an order had their ids: nobody knows those."""

import re
from collections import Counter
from collections.abc import AsyncIterator

from bot.services import Services
from commands.contract import Handler, Request, Step, UserError
from commands.watch.verbs.lookup import visible
from commands.words import as_typed

_ID = re.compile(r"(?<![\w-])w-[a-z0-9]{5,20}(?![\w-])")


def by_host(handler: Handler[Services]) -> Handler[Services]:
    """The same. A host that several watches look at keeps their ids."""

    async def naming(request: Request, services: Services) -> AsyncIterator[Step]:
        try:
            async for step in handler(request, services):
                yield step
        except UserError as error:
            lines = error.lines(as_typed(request.text))
            if _ID.search("\n".join((error.message, error.hint, *lines))):
                names = await _names(services)
                error.try_instead = tuple(_named(line, names) for line in lines)
                error.message, error.hint, error.wrong = _named(error.message, names), _named(error.hint, names), ""
            raise

    return naming


async def _names(services: Services) -> dict[str, str]:
    watches = await visible(services)
    many = Counter(watch.target for watch in watches)
    return {watch.id: watch.target for watch in watches if many[watch.target] == 1}


def _named(text: str, names: dict[str, str]) -> str:
    return _ID.sub(lambda found: names.get(found[0], found[0]), text)
