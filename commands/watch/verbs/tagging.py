"""Tags of what is watched: all watches of a team on one target have the same."""

from collections.abc import Sequence

from commands.audited import Deed
from commands.contract import DeclinedError, Reply, Request
from commands.plural import plural
from commands.slack_text import code_span
from commands.watch.state.model import Watch
from commands.watch.state.rows import of_row
from commands.watch.state.selector import MOST_TAGS
from commands.watch.typed.asked import Tag
from commands.watch.verbs.lookup import GONE, LIST, named, visible
from commands.watch.verbs.many import of_several
from commands.watch.verbs.needs import Needs
from commands.watch.view import listing as view
from commands.watch.view.wording import name_of
from storage.audit import AuditEntry


async def tag(asked: Tag, request: Request, services: Needs) -> Reply:
    """Give tags, or take them."""
    if asked.chosen is None:
        found = [await _of_target(asked.ref, request, services)]
    else:
        found = await of_several(asked.chosen, request, services)
    after = [await retagged(watch, asked.add, asked.remove, services) for watch in found]
    if len(after) > 1:
        how = "are tagged" if asked.add else "are no longer tagged"
        what = plural(len({one.target for one in after}), "target")
        return view.said(f":label: *{what}* {how} {_listed(asked.add or asked.remove)}.")
    [one] = after
    first = f"`/smtpwatch list tag:{one.tags[0]}` lists all that have it." if one.tags else ""
    return view.said(f":label: *{name_of(one)}*: {_listed(one.tags) or 'no tags'}. {first}".rstrip())


async def _of_target(ref: str, request: Request, services: Needs) -> Watch:
    """Any of several on one target: they have its tags."""
    wanted = ref.lower().strip("`<>").removesuffix(".")
    found = [one for one in await visible(services) if one.target == wanted]
    return found[0] if found else await named(ref, request, services)


def _listed(tags: Sequence[str]) -> str:
    return ", ".join(code_span(tag) for tag in tags)


async def retagged(watch: Watch, add: Sequence[str], remove: Sequence[str], services: Needs) -> Watch:
    """The watch afterwards. DeclinedError: it is gone, or would have too many."""
    if len(({*watch.tags} | {*add}) - {*remove}) > MOST_TAGS:
        raise DeclinedError(f"A target has at most {MOST_TAGS} tags.", "`/smtpwatch untag TARGET TAG` takes one off.")
    given, taken = sorted({*add} - {*watch.tags}), sorted({*remove} & {*watch.tags})
    noted = [AuditEntry(services.now(), Deed.TAGGED, document={"added": given, "removed": taken})]
    row = await services.watches.tag(
        watch.id, await services.viewer(), add=add, remove=remove, noted=noted if given or taken else ()
    )
    if row is None:
        raise DeclinedError(GONE, LIST)
    return of_row(row)


async def with_tags(watch: Watch, tags: Sequence[str], services: Needs) -> Watch:
    """With these and no others."""
    gone = [tag for tag in watch.tags if tag not in tags]
    return await retagged(watch, [tag for tag in tags if tag not in watch.tags], gone, services)
