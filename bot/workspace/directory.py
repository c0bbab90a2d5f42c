"""Who and where: auth.test, users.info, conversations.open, conversations.info, usergroups.users.list."""

from bot.workspace.model import Channel, Payload, Refusal, User
from bot.workspace.posts import truth
from bot.workspace.state import State


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


def usergroup_users(state: State, args: Payload) -> Payload:
    group = state.groups.get(str(args.get("usergroup") or ""))
    if group is None:
        raise Refusal("no_such_subteam")
    return {"users": list(group)}


def channel_record(state: State, channel: Channel) -> Payload:
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
    member = state.bot.id in channel.members
    return {**record, "name": channel.name, "name_normalized": channel.name, "is_member": member}


def _user(state: State, user: User) -> Payload:
    return {
        "id": user.id,
        "team_id": state.team,
        "name": user.name,
        "real_name": user.real_name or user.name,
        "deleted": False,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": user.tz_offset,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "profile": {"real_name": user.real_name or user.name, "display_name": user.name, "team": state.team},
    }
