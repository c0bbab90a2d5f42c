"""Who and where: auth.test, users.*, conversations.open, conversations.info, usergroups.*."""

from bot.demo.workspace.model import Channel, Payload, Refusal, User
from bot.demo.workspace.posts import truth
from bot.demo.workspace.state import State


def auth_test(state: State, _args: Payload) -> Payload:
    return {
        "url": f"{state.origin}/",
        "team": state.team_name,
        "team_id": state.team,
        "user": state.bot.name,
        "user_id": state.bot.id,
        "bot_id": state.bot_id,
        "is_enterprise_install": False,
    }


def users_info(state: State, args: Payload) -> Payload:
    """`locale` comes only when `include_locale` is asked for (docs.slack.dev, reference/methods/users.info)."""
    user = state.users.get(str(args.get("user") or ""))
    if user is None:
        raise Refusal("user_not_found")
    record = _user(state, user)
    if truth(args.get("include_locale")):
        record["locale"] = user.locale
    return {"user": record}


def users_conversations(state: State, args: Payload) -> Payload:
    """The channels of a user (of the bot itself without one), by the ids of the channels.

    Public channels of anybody; others only when the bot is in them, too. Each type needs its scope
    (docs.slack.dev, reference/methods/users.conversations: `limit` up to 999, `types` is public_channel by default).
    """
    who = str(args.get("user") or state.bot.id)
    if who not in state.users:
        raise Refusal("user_not_found")
    kinds = [TYPES.get(name, "") for name in str(args.get("types") or "public_channel").split(",")]
    if "" in kinds:
        raise Refusal("invalid_types")
    for kind in kinds:
        if not state.has_scope(SCOPES_BY_KIND[kind]):
            raise Refusal("missing_scope", f"needed: {SCOPES_BY_KIND[kind]}")
    found = [channel for channel in state.channels.values() if channel.kind in kinds and _shows(state, channel, who)]
    if truth(args.get("exclude_archived")):
        found = [channel for channel in found if not channel.is_archived]
    return _paged([channel_record(state, channel, member=False) for channel in found], args)


TYPES = {"public_channel": "public", "private_channel": "private", "im": "dm", "mpim": "mpim"}
SCOPES_BY_KIND = {"public": "channels:read", "private": "groups:read", "dm": "im:read", "mpim": "mpim:read"}
MOST_CONVERSATIONS = 999


def _shows(state: State, channel: Channel, who: str) -> bool:
    return who in channel.members and (channel.kind == "public" or state.bot.id in channel.members)


def _paged(records: list[Payload], args: Payload) -> Payload:
    """A page of channels, and the cursor of the next one; it is empty at the end."""
    limit, start = str(args.get("limit") or 100), str(args.get("cursor") or "0")
    if not limit.isdigit() or not 1 <= int(limit) <= MOST_CONVERSATIONS:
        raise Refusal("invalid_limit")
    if not start.isdigit():
        raise Refusal("invalid_cursor")
    end = int(start) + int(limit)
    following = str(end) if end < len(records) else ""
    return {"channels": records[int(start) : end], "response_metadata": {"next_cursor": following}}


def conversations_open(state: State, args: Payload) -> Payload:
    """The direct messages with one user; group DMs are not modelled."""
    given = args.get("users") or ""
    people = [name for name in (given if isinstance(given, list) else str(given).split(",")) if name]
    if len(people) != 1 or people[0] not in state.users:
        raise Refusal("user_not_found" if people else "users_list_not_supplied")
    if people[0] == state.bot.id:
        raise Refusal("cannot_dm_bot")
    return {"channel": {"id": state.dm(state.bot.id, people[0]).id}}


def conversations_info(state: State, args: Payload) -> Payload:
    reference = str(args.get("channel") or "")
    if reference not in state.channels:
        raise Refusal("channel_not_found")
    return {"channel": channel_record(state, state.bot_channel(reference))}


def usergroups(state: State, _args: Payload) -> Payload:
    """Those that are in use; members come only when they are asked for, which is not modelled."""
    return {"usergroups": [_group(state, group) for group in state.groups]}


def _group(state: State, group: str) -> Payload:
    handle = state.handles[group]
    known = {"id": group, "team_id": state.team, "name": handle.title(), "handle": handle, "description": ""}
    return {**known, "is_usergroup": True, "is_subteam": True, "is_external": False, "date_delete": 0}


def usergroup_users(state: State, args: Payload) -> Payload:
    group = state.groups.get(str(args.get("usergroup") or ""))
    if group is None:
        raise Refusal("no_such_subteam")
    return {"users": list(group)}


def channel_record(state: State, channel: Channel, *, member: bool = True) -> Payload:
    """A conversation; lists leave `is_member` out."""
    direct = channel.kind == "dm"
    record: Payload = {
        "id": channel.id,
        "created": 1_700_000_000,
        "is_im": direct,
        "is_mpim": False,
        "is_channel": not direct,
        "is_group": channel.kind == "private",
        "is_private": channel.kind != "public",
        "is_archived": channel.is_archived,
        "is_ext_shared": False,
        "is_org_shared": False,
        "context_team_id": state.team,
    }
    if direct:
        return {**record, "user": next(iter(channel.members - {state.bot.id}), state.bot.id)}
    known = {"is_member": state.bot.id in channel.members} if member else {}
    return {**record, "name": channel.name, "name_normalized": channel.name, **known}


def _user(state: State, user: User) -> Payload:
    return {
        "id": user.id,
        "team_id": user.team or state.team,
        "name": user.name,
        "real_name": user.real_name or user.name,
        "deleted": user.deleted,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": user.tz_offset,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_stranger": bool(user.team),
        "profile": {"real_name": user.real_name or user.name, "display_name": user.name},
    }
