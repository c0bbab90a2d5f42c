"""The watches that a person may see: found by what they are called, and changed in one step."""

from collections.abc import Callable

from commands.contract import DeclinedError, Request
from commands.watch.state.actions import decided
from commands.watch.state.model import Kind, Watch
from commands.watch.state.step import Step
from commands.watch.state.watch_rows import of_row
from commands.watch.verbs.finding import find
from commands.watch.verbs.needs import Needs

GONE = "That watch is not there any more, or you may not see it."
LIST = "`/smtpwatch list all` shows what there is."


async def visible(request: Request, services: Needs, *, deleted: bool = False) -> list[Watch]:
    """The watches of the team that the person may see."""
    rows = await services.watches.of_team(request.actor.team, deleted=deleted)
    return [of_row(row) for row in rows]


async def named(
    ref: str, request: Request, services: Needs, ports: tuple[int, ...] = (), kind: Kind | None = None
) -> Watch:
    return find(ref, await visible(request, services), request.channel, ports, kind)


async def pressed(watch_id: str, request: Request, services: Needs) -> Watch:
    """The watch that a button or a dialogue is about."""
    found = next((one for one in await visible(request, services) if one.id == watch_id), None)
    if found is None:
        raise DeclinedError(GONE, LIST)
    return found


async def changed(watch: Watch, action: Callable[[Watch], Step], services: Needs) -> Watch:
    """The watch after an action. DeclinedError when it is gone; what an alert shows of it is brought up to date."""
    row = await services.watches.change(watch.id, decided(action))
    if row is None:
        raise DeclinedError(GONE, LIST)
    services.watches_changed()
    after = of_row(row)
    await services.desk.refresh(after)
    return after
