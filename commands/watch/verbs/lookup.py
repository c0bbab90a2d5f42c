"""The watches that a person may see: found by what they are called, and changed in one step."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from commands.contract import DeclinedError, Request, UserError
from commands.slack_text import quoted
from commands.watch.state.actions import decided, decided_if
from commands.watch.state.events import Step
from commands.watch.state.model import Kind, Watch
from commands.watch.state.rows import of_row
from commands.watch.state.selector import Selector
from commands.watch.state.traits import TAG, is_of_same_cause, traits_of
from commands.watch.verbs.needs import Needs
from commands.watch.view.wording import looks_at
from commands.words import nearest, slip_of
from storage.watches import ElsewhereError

Fits: TypeAlias = Callable[[Watch], bool]


def is_down(watch: Watch) -> bool:
    return watch.state.incident is not None


def find(
    ref: str,
    watches: Sequence[Watch],
    channel: str = "",
    ports: tuple[int, ...] = (),
    kind: Kind | None = None,
    fits: Fits | None = None,
) -> Watch:
    """The watch with this id, or the one on this target (in this channel, when several have one).

    `ports` and `kind` say which of several on one target; of those that are left the one that it `fits`, or the first
    where one message tells of all.
    """
    wanted = ref.lower().strip("`<>")
    by_id = [watch for watch in watches if watch.id == wanted]
    if by_id:
        return by_id[0]
    by_target = [watch for watch in watches if watch.target == wanted.removesuffix(".")]
    meant = [watch for watch in by_target if _is_meant(watch, ports, kind)]
    here = [watch for watch in meant if watch.channel == channel]
    fitting = [watch for watch in here or meant if fits is not None and fits(watch)]
    for some in (meant, here, fitting if len({_message_of(watch) for watch in fitting}) == 1 else ()):
        if len(some) == 1 or (some and some is fitting):
            return some[0]
    if by_target:
        several = (fitting or here or meant or by_target)[:5]
        ids = ", ".join(f"`{watch.id}` ({looks_at(watch)})" for watch in several)
        lines = [watch.id for watch in several]
        raise UserError(f"Several watches look at `{quoted(ref)}`.", f"Name one by its id: {ids}.", lines, wrong=ref)
    guess = _short_for(wanted, watches) or slip_of(wanted, [name for one in watches for name in (one.id, one.target)])
    hint = f"Did you mean `{guess}`?" if guess else "`/smtpwatch list all` shows every watch."
    raise UserError(f"There is no watch `{quoted(ref)}`.", hint, guess or (), wrong=ref)


def _short_for(wanted: str, watches: Sequence[Watch]) -> str:
    """`mx1` for mx1.example.com, where one target alone begins so."""
    targets = {watch.target for watch in watches if watch.target.partition(".")[0] == wanted}
    return targets.pop() if len(targets) == 1 else ""


def _message_of(watch: Watch) -> str:
    """That in which its incident is told; its own id where it has none."""
    return watch.state.incident.told_in if watch.state.incident is not None else watch.id


def _is_meant(watch: Watch, ports: tuple[int, ...], kind: Kind | None) -> bool:
    return (not ports or set(ports) == set(watch.ports)) and kind in {None, watch.kind}


def near_by(watches: Sequence[Watch], channel: str) -> list[str]:
    """How those are named that somebody probably means who names none: of this channel, what is down first."""
    here = sorted((one for one in watches if one.channel == channel), key=lambda one: one.state.incident is None)
    targets = [one.target for one in here]
    return [one.target if targets.count(one.target) == 1 else one.id for one in here]


def nearest_choice(chosen: Selector, watches: Sequence[Watch]) -> str:
    """What there is to choose in place of what fits nothing, as it is typed: a like tag, a like target, or all."""
    tags = sorted({tag for watch in watches for tag in watch.tags})
    if chosen.tags:
        near = nearest(chosen.tags[-1], tags) or ", ".join(tags[:1])
        return f"tag:{near}" if near else "all"
    return nearest(chosen.pattern, sorted({watch.target for watch in watches}), NEAR) or "all"


def fits_none(chosen: Selector, watches: Sequence[Watch]) -> UserError:
    """That none is so: which tag or target was misspelt, else the nearest that there is."""
    wrong, meant = _misspelt(chosen, watches)
    message = f"No watch that you may see fits `{quoted(chosen.text)}`."
    if meant:
        return UserError(message, f"Did you mean `{quoted(meant)}`?", meant, wrong=wrong)
    line = f"list {nearest_choice(chosen, watches)}"
    hint = f"`/smtpwatch {quoted(line)}` shows the nearest that there is."
    return UserError(message, hint, line)


def _misspelt(chosen: Selector, watches: Sequence[Watch]) -> tuple[str, str]:
    """The first tag that no watch has and is a slip of one, and that one."""
    tags = sorted({tag for watch in watches for tag in watch.tags})
    slips = ((f"tag:{tag}", slip_of(tag, tags)) for tag in chosen.tags if tag not in tags)
    return next(((wrong, f"tag:{meant}") for wrong, meant in slips if meant), ("", ""))


NEAR = 50
"""Percent; a pattern lacks what stands for `*`."""

GONE = "That watch is not there any more, or you may not see it."
LIST = "`/smtpwatch list all` shows what there is."


async def visible(services: Needs, *, deleted: bool = False) -> list[Watch]:
    """The watches of the team that the person may see."""
    rows = await services.watches.visible_to(await services.viewer(), deleted=deleted)
    return [of_row(row) for row in rows]


async def named(
    ref: str,
    request: Request,
    services: Needs,
    ports: tuple[int, ...] = (),
    kind: Kind | None = None,
    fits: Fits | None = None,
) -> Watch:
    every = await visible(services)
    wanted = ref.lower().strip("`<>").removesuffix(".")
    if not any(wanted in {one.id, one.target} for one in every):
        await _refuse_deleted(wanted, services)
    return find(ref, every, request.channel, ports, kind, fits)


async def _refuse_deleted(wanted: str, services: Needs) -> None:
    """`DeclinedError` for what was watched: its past is kept."""
    for one in await visible(services, deleted=True):
        if one.deleted_at is not None and wanted in {one.id, one.target}:
            hint = f"`/smtpwatch incidents {one.id} since 90d` has what it told."
            raise DeclinedError("That watch was deleted.", hint)


async def pressed(watch_id: str, services: Needs) -> Watch:
    """The watch that a button or a dialogue is about."""
    found = next((one for one in await visible(services) if one.id == watch_id), None)
    if found is None:
        raise DeclinedError(GONE, LIST)
    return found


async def changed(watch: Watch, action: Callable[[Watch], Step], services: Needs) -> Watch:
    """The watch after an action. DeclinedError when it is gone; what an alert shows of it is brought up to date."""
    viewer = await services.viewer()
    with told_elsewhere():
        row = await services.watches.change(watch.id, decided(action, services.now()), viewer)
    if row is None:
        raise DeclinedError(GONE, LIST)
    services.watches_changed()
    after = of_row(row)
    await services.channel_posts.refresh(after)
    return after


async def changed_all(watches: Sequence[Watch], action: Callable[[Watch], Step | None], services: Needs) -> list[Watch]:
    """Those of several that an action changed, in one transaction. It is None, or declines, where it does not fit."""
    ids = [watch.id for watch in watches]
    rows = await services.watches.change_all(ids, decided_if(action, services.now()), await services.viewer())
    services.watches_changed()
    done = [of_row(row) for row in rows]
    for watch in done:
        await services.channel_posts.refresh(watch)
    return done


async def told_together(watch: Watch, services: Needs) -> list[Watch]:
    """The other watches whose incidents stand in the same message, as far as the person may see them."""
    mine = watch.state.incident
    if mine is None:
        return []
    others = [one for one in await visible(services) if one.id != watch.id and one.state.incident is not None]
    return [one for one in others if one.state.incident and one.state.incident.told_in == mine.told_in]


async def of_same_cause(watch: Watch, services: Needs) -> list[Watch]:
    """With those of other messages, where one cause was told in several."""
    together = await told_together(watch, services)
    every, mine = await visible(services), [watch, *together]
    known = {one.id for one in mine}
    alike = [one for one in every if one.id not in known and any(is_of_same_cause(each, one) for each in mine)]
    return [*together, *alike]


async def down_beside(watch: Watch, services: Needs) -> list[Watch]:
    """The watches of its channel with an open incident that share a host, an address or a network with it."""
    mine = {one for one in traits_of(watch, ()) if not one.startswith(TAG)}
    others = [one for one in await visible(services) if one.id != watch.id and one.channel == watch.channel]
    return [one for one in others if is_down(one) and mine & {*traits_of(one, one.state.failing)}]


@contextmanager
def told_elsewhere() -> Iterator[None]:
    """Says in words that they are not in the channel which they named."""
    try:
        yield
    except ElsewhereError as error:
        raise DeclinedError(
            "You are not in that channel, as far as Slack tells.", "Join it, or type the command there."
        ) from error
