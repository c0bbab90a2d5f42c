"""Which watch somebody means by an id or a target. Pure."""

from collections.abc import Sequence

from commands.contract import UserError
from commands.slack_text import quoted
from commands.watch.model import Watch
from commands.watch.typed.vocabulary import nearest


def find(ref: str, watches: Sequence[Watch], channel: str = "") -> Watch:
    """The watch with this id, or the one on this target (in this channel, when several have one)."""
    wanted = ref.lower().strip("`<>")
    by_id = [watch for watch in watches if watch.id == wanted]
    if by_id:
        return by_id[0]
    by_target = [watch for watch in watches if watch.target == wanted.removesuffix(".")]
    here = [watch for watch in by_target if watch.channel == channel]
    for some in (by_target, here):
        if len(some) == 1:
            return some[0]
    if by_target:
        ids = ", ".join(f"`{watch.id}` ({watch.kind})" for watch in (here or by_target)[:5])
        raise UserError(f"Several watches look at {quoted(ref)}.", f"Name one by its id: {ids}.")
    meant = nearest(wanted, [watch.id for watch in watches] + [watch.target for watch in watches])
    hint = f"Did you mean `{meant}`?" if meant else "`list all` shows every watch."
    raise UserError(f"There is no watch `{quoted(ref)}`.", hint)
