"""Which watch somebody means by an id or a target. Pure."""

from collections.abc import Sequence

from commands.contract import UserError
from commands.slack_text import quoted
from commands.watch.state.model import Kind, Watch
from commands.watch.typed.said_options import nearest
from commands.watch.view.wording import looks_at


def find(
    ref: str, watches: Sequence[Watch], channel: str = "", ports: tuple[int, ...] = (), kind: Kind | None = None
) -> Watch:
    """The watch with this id, or the one on this target (in this channel, when several have one).

    `ports` and `kind` say which of several on one target.
    """
    wanted = ref.lower().strip("`<>")
    by_id = [watch for watch in watches if watch.id == wanted]
    if by_id:
        return by_id[0]
    by_target = [watch for watch in watches if watch.target == wanted.removesuffix(".")]
    meant = [watch for watch in by_target if _is_meant(watch, ports, kind)]
    here = [watch for watch in meant if watch.channel == channel]
    for some in (meant, here):
        if len(some) == 1:
            return some[0]
    if by_target:
        ids = ", ".join(f"`{watch.id}` ({looks_at(watch)})" for watch in (here or meant or by_target)[:5])
        raise UserError(f"Several watches look at {quoted(ref)}.", f"Name one by its id: {ids}.")
    guess = nearest(wanted, [watch.id for watch in watches] + [watch.target for watch in watches])
    hint = f"Did you mean `{guess}`?" if guess else "`/smtpwatch list all` shows every watch."
    raise UserError(f"There is no watch `{quoted(ref)}`.", hint)


def _is_meant(watch: Watch, ports: tuple[int, ...], kind: Kind | None) -> bool:
    return (not ports or set(ports) == set(watch.ports)) and kind in {None, watch.kind}
