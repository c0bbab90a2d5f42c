"""Deleting a watch, and bringing it back within ten minutes."""

from commands.contract import Reply, Request
from commands.watch.state.actions import delete, undelete
from commands.watch.state.model import Kind, Watch
from commands.watch.verbs.finding import find
from commands.watch.verbs.lookup import changed, visible
from commands.watch.verbs.needs import Needs
from commands.watch.view import listing as view
from commands.watch.view.wording import name_of


async def ask_delete(watch: Watch, _request: Request, _services: Needs) -> Reply:
    return view.ask_delete(watch)


async def drop(watch: Watch, request: Request, services: Needs) -> Reply:
    return view.deleted(await changed(watch, lambda one: delete(one, request.at), services))


async def bring_back(
    ref: str, request: Request, services: Needs, ports: tuple[int, ...] = (), kind: Kind | None = None
) -> Reply:
    gone = [one for one in await visible(request, services, deleted=True) if one.deleted_at is not None]
    watch = find(ref, gone, request.channel, ports, kind)
    after = await changed(watch, lambda one: undelete(one, request.at), services)
    return view.said(f":leftwards_arrow_with_hook: *{name_of(after)}* is watched again (`{after.id}`).")
