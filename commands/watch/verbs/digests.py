"""Setting the digest of a channel, and ending it."""

from typing import Any

from commands.audited import Deed
from commands.contract import Reply, Request, UserError
from commands.watch.state.digest import to_note
from commands.watch.state.windows import Digest, next_digest
from commands.watch.typed.asked import SetDigest
from commands.watch.verbs.lookup import told_elsewhere
from commands.watch.verbs.needs import Needs
from commands.watch.view import listing as view
from commands.watch.view.digest import described
from commands.watch.view.wording import person, when
from storage.audit import AuditEntry


async def set_digest(asked: SetDigest, request: Request, services: Needs) -> Reply:
    """Kept first (that shows whether the person is in the channel), announced next (that tries the channel)."""
    channel = asked.channel or request.channel
    if not channel:
        raise UserError("In which channel?", "Name it: `in #mailops`; in a terminal by its id: `in C0123ABCD`.")
    where = f"<#{channel}>" if channel[:1] in {"C", "G"} else "these direct messages"
    if asked.digest is None:
        await _keep(channel, None, services, AuditEntry(request.at, Deed.DIGEST_ENDED))
        return view.said(f"No digest is posted in {where} any more.")
    often = described(asked.digest)
    noted = AuditEntry(request.at, Deed.DIGEST_SET, document=_told(asked.digest))
    await _keep(channel, to_note(asked.digest, request.actor.user, request.at), services, noted)
    code = await services.channel_posts.announce(
        channel, f":newspaper: {person(request.actor.user)} set a digest of the watches here: {often}."
    )
    if code:
        await _keep(channel, None, services)
        text = f":warning: Portero cannot post in {where} (`{code}`). Type `/invite @portero` there, then ask again."
        return view.said(text)
    following = when(next_digest(asked.digest, request.at))
    return view.said(
        f":white_check_mark: A digest of the watches there is posted in {where} {often}, next {following}."
    )


def _told(digest: Digest) -> dict[str, Any]:
    return {"day": digest.day, "time": f"{digest.at:%H:%M}", "zone": digest.zone}


async def _keep(channel: str, note: dict[str, Any] | None, services: Needs, *noted: AuditEntry) -> None:
    with told_elsewhere():
        await services.watches.set_digest(channel, note, await services.viewer(), noted=noted)
