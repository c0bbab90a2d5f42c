"""A new watch, other settings of one, and its end. What names a channel tries it by posting there."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from commands.contract import DeclinedError, Reply, Request, UserError
from commands.slack_text import escape
from commands.watch.state import deeds
from commands.watch.state.actions import CANNOT_POST, UNDO_WITHIN, delete, edit, resume, undelete
from commands.watch.state.baseline import DOMAIN, TARGET_KIND
from commands.watch.state.model import EVERY, FROM_ELSEWHERE, PORTERO, Kind, Silence, State, Watch
from commands.watch.state.routes import with_routes
from commands.watch.state.rows import to_row
from commands.watch.typed.asked import ANYWAY, Add, Edit
from commands.watch.verbs.lookup import changed, find, named, told_elsewhere, visible
from commands.watch.verbs.needs import Needs
from commands.watch.verbs.tagging import retagged, with_tags
from commands.watch.verbs.watched_already import watched_already
from commands.watch.view import listing as view
from commands.watch.view.card import card
from commands.watch.view.channel import ended, introduction, moved_away, moved_here, refused
from commands.watch.view.wording import name_of, not_watched
from commands.words import slip_of
from storage.entries import LOCAL

ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


async def add(asked: Add, request: Request, services: Needs) -> Reply:
    """Keep it, try its channel, let it run. Until its channel has taken a post it waits as one that cannot post."""
    if not (asked.said.get("channel") or request.channel):
        raise UserError(
            "Where should it alert?", "Name a channel: `in #mailops`; in a terminal by its id: `in C0123ABCD`."
        )
    refuse_off_limits(asked, services)
    await refuse_place(asked.kind, asked.said, asked.said.get("channel") or request.channel, services)
    fields: dict[str, Any] = {"every": EVERY[asked.kind], "channel": request.channel, **asked.said}
    tags = fields.pop("tags", ())
    fields["routes"] = with_routes({}, asked.said.get("routes", {}))
    waits = Silence(PORTERO, request.at, None, CANNOT_POST)
    watch = Watch(
        id=new_watch_id(),
        team=request.actor.team,
        owner=request.actor.user,
        target=asked.target,
        kind=asked.kind,
        created_at=request.at,
        zone=request.actor.zone,
        paused=waits,
        state=State(baseline={TARGET_KIND: DOMAIN} if asked.mail_domain else {}),
        **fields,
    )
    twin = next((one for one in await visible(services) if _same(one, watch)), None)
    if twin is not None:
        return watched_already(asked.said, twin, request.at, services.watch_rules.routes)
    await refuse_missing(asked, request.text.strip(), services)
    watch = replace(watch, handles=await _handles(fields, services))
    most = services.watch_rules.most
    with told_elsewhere():
        row = to_row(watch)
        noted = [deeds.added(row, request.at)]
        added = await services.watches.add(row, most, await services.viewer(), noted=noted)
    if not added:
        raise DeclinedError(f"This workspace has {most} watches already.", "Delete one, or ask whoever runs Portero.")
    known = await retagged(watch, tags, (), services) if tags else watch
    heard_there = request.surface in SPOKEN and known.channel == request.channel
    return await begin(known, request.at, services, introduced=heard_there)


async def _handles(said: Mapping[str, Any], services: Needs) -> dict[str, str]:
    """The names of the user groups that settings name, as far as Slack says them."""
    then = said.get("then")
    ids = {one for one in (said.get("notify") or "", then.notify if then else "") if one.startswith("S")}
    known = await services.channel_posts.groups() if ids else {}
    return {one: known[one] for one in ids if one in known}


SPOKEN = frozenset({"mention", "direct"})
"""Where a message is answered in its channel for all: that Portero may post there is seen by that."""


def new_watch_id() -> str:
    """Short enough to type, from letters that nobody confuses: 28 million of them."""
    return "w-" + "".join(secrets.choice(ID_LETTERS) for _ in range(5))


async def refuse_place(kind: Kind, said: Mapping[str, Any], channel: str, services: Needs) -> None:
    """What is watched from another machine are its connections; DNS and our own network are looked at from here."""
    vantage = said.get("vantage", LOCAL)
    if kind not in FROM_ELSEWHERE and vantage != LOCAL:
        raise UserError("`from` is for mail ports and certificates.", "Leave it out: this is watched from here.")
    await services.check_place(vantage, channel)


def refuse_off_limits(asked: Add, services: Needs) -> None:
    """What no run would ever connect to. DNS may be asked of everybody."""
    reason = services.off_limits(asked.target) if asked.kind in {"check", "certificate"} else ""
    if reason:
        raise DeclinedError(*not_watched(asked.target, reason))


async def refuse_missing(asked: Add, typed: str, services: Needs) -> None:
    """A name that is not in DNS is a slip, most likely: nobody is alerted of it before somebody has said so.

    Other machines may know other names.
    """
    if asked.anyway or asked.kind not in ASKED_FOR or asked.said.get("vantage", LOCAL) != LOCAL:
        return
    missing = await services.name_missing(asked.target)
    if missing not in ASKED_FOR[asked.kind]:
        return
    near = slip_of(asked.target, [one.target for one in await visible(services)])
    meant = [typed.replace(asked.target, near)] if near else []
    raise UserError(*not_watched(asked.target, missing), [*meant, f"{typed} {ANYWAY}"])


ASKED_FOR: Mapping[Kind, frozenset[str]] = {
    "check": frozenset({"dns_nxdomain", "dns_no_data"}),
    "certificate": frozenset({"dns_nxdomain", "dns_no_data"}),
    "dns": frozenset({"dns_nxdomain"}),
}
"""What is missing of a name for which nothing could be seen, by what is watched."""


def _same(one: Watch, other: Watch) -> bool:
    kept = (one.kind, one.target, one.channel, one.ports, one.vantage)
    return kept == (other.kind, other.target, other.channel, other.ports, other.vantage)


async def begin(watch: Watch, at: datetime, services: Needs, *, introduced: bool = False) -> Reply:
    """`introduced`: its channel reads the answer, and needs no line of its own."""
    code = "" if introduced else await services.channel_posts.announce(watch.channel, introduction(watch))
    if code:
        return refused(watch, code)
    after = await changed(watch, lambda one: resume(one, at), services)
    note = f":white_check_mark: *{name_of(after)}* is watched from now on, in {view.place(after)}."
    if absent := await services.absence(watch.place):
        note = f"{note} :warning: {escape(absent.message)} It runs as soon as that changes."
    return card(after, at, services.watch_rules.routes, note)


async def change_settings(asked: Edit, request: Request, services: Needs) -> Reply:
    """Changed first (whether the person is in another channel shows then); a channel that takes no post is put back."""
    watch = await named(asked.ref, request, services)
    said = dict(asked.said)
    await refuse_place(watch.kind, said, said.get("channel") or watch.channel, services)
    if "tags" in said:
        watch = await with_tags(watch, said.pop("tags"), services)
    if groups := await _handles(said, services):
        said["handles"] = {**watch.handles, **groups}
    after = await changed(watch, lambda one: edit(one, said, request.at, request.actor.user), services)
    if after.channel != watch.channel:
        who = request.actor.user
        code = await services.channel_posts.announce(after.channel, moved_here(after, who, watch.channel))
        if code:
            back = {"channel": watch.channel}
            await changed(after, lambda one: edit(one, back, request.at, request.actor.user), services)
            return _stays(after, watch, code)
        await services.channel_posts.announce(watch.channel, moved_away(after, who))
    return card(after, request.at, services.watch_rules.routes, ":white_check_mark: Changed.")


def _stays(there: Watch, watch: Watch, code: str) -> Reply:
    text = (
        f":warning: Portero cannot post in {view.place(there)} (`{code}`). Type `/invite @portero` there, then ask "
        f"again. Alerts still go to {view.place(watch)}."
    )
    return view.said(text)


async def ask_delete(watch: Watch, request: Request, _services: Needs) -> Reply:
    return view.ask_delete(watch, request.actor.user)


def refuse_other(watch: Watch, asker: str, request: Request) -> None:
    """`DeclinedError` to who presses the button of somebody's question, and is neither its owner nor an admin."""
    if asker and not request.actor.admin and request.actor.user not in {asker, watch.owner}:
        raise DeclinedError(
            "Somebody else was asked that. Who wants it, too, asks for it.", f"Type `/smtpwatch delete {watch.id}`."
        )


async def drop(watch: Watch, request: Request, services: Needs) -> Reply:
    """Its channel was told that it is watched, and is told that it is not; in an incident its thread says so."""
    after = await changed(watch, lambda one: delete(one, request.at, request.actor.user), services)
    if not is_told(watch):
        await services.channel_posts.announce(watch.channel, ended(watch, request.actor.user))
    return view.deleted(after)


def is_told(watch: Watch) -> bool:
    """Whether what is done to it stands in the thread of its incident."""
    incident = watch.state.incident
    return incident is not None and incident.told


async def just_deleted(request: Request, services: Needs) -> list[str]:
    """How those are named that can still be brought back, the last one first."""
    gone = await visible(services, deleted=True)
    targets = [one.target for one in gone]
    lately = [(one.deleted_at, one) for one in gone if one.deleted_at and request.at - one.deleted_at <= UNDO_WITHIN]
    last_first = [one for _, one in sorted(lately, key=itemgetter(0), reverse=True)]
    return [one.target if targets.count(one.target) == 1 else one.id for one in last_first]


async def bring_back(
    ref: str, request: Request, services: Needs, ports: tuple[int, ...] = (), kind: Kind | None = None
) -> Reply:
    gone = [one for one in await visible(services, deleted=True) if one.deleted_at is not None]
    watch = find(ref, gone, request.channel, ports, kind)
    after = await changed(watch, lambda one: undelete(one, request.at, request.actor.user), services)
    if not is_told(after):
        await services.channel_posts.announce(after.channel, introduction(after))
    return view.said(f":leftwards_arrow_with_hook: *{name_of(after)}* is watched again (`{after.id}`).")
