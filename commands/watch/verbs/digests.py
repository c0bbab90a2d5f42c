"""The digest of a channel: which there is, setting it, and ending it."""

from collections.abc import Mapping
from typing import Any

from commands.audited import Deed
from commands.blocks import button
from commands.contract import Reply, Request, UserError
from commands.watch.state.digest import due_of, of_note, to_note
from commands.watch.state.windows import Digest, next_digest
from commands.watch.typed.asked import SetDigest, ShowDigest
from commands.watch.verbs.lookup import told_elsewhere
from commands.watch.verbs.needs import Needs
from commands.watch.view import listing as view
from commands.watch.view.digest import described
from commands.watch.view.wording import person, when
from storage.audit import AuditEntry


async def set_digest(asked: SetDigest, request: Request, services: Needs) -> Reply:
    """Kept first (that shows whether the person is in the channel), announced next (that tries the channel)."""
    channel, where = _place(asked.channel, request)
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


async def show_digest(asked: ShowDigest, request: Request, services: Needs) -> Reply:
    """Whether one comes, how often and when next; and what sets and ends it."""
    channel, where = _place(asked.channel, request)
    with told_elsewhere():
        note = await services.watches.digest(channel, await services.viewer())
    line = _there(note, where) if note else f"No digest of the watches is posted in {where}."
    offers = ("off",) if note else ("daily", "weekly")
    lines = [f"digest {offer}{f' in <#{channel}>' if asked.channel else ''}" for offer in offers]
    row = (button(f"Digest {offer}", "smtpwatch.instead", typed) for offer, typed in zip(offers, lines, strict=True))
    return view.said(line, *row)


def _there(note: Mapping[str, Any], where: str) -> str:
    by = f", set by {person(note['owner'])}" if note.get("owner") else ""
    return f"A digest of the watches is posted in {where} {described(of_note(note))}, next {when(due_of(note))}{by}."


def _place(typed: str, request: Request) -> tuple[str, str]:
    """A channel, and what it is called."""
    channel = typed or request.channel
    if not channel:
        raise UserError("In which channel?", "Name it: `in #mailops`; in a terminal by its id: `in C0123ABCD`.")
    return channel, f"<#{channel}>" if channel[:1] in {"C", "G"} else "these direct messages"


def _told(digest: Digest) -> dict[str, Any]:
    return {"day": digest.day, "time": f"{digest.at:%H:%M}", "zone": digest.zone}


async def _keep(channel: str, note: dict[str, Any] | None, services: Needs, *noted: AuditEntry) -> None:
    with told_elsewhere():
        await services.watches.set_digest(channel, note, await services.viewer(), noted=noted)
