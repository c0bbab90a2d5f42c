"""Who may do something where: only what a person could do in Slack can be done here."""

from bot.demo.workspace.model import Channel, Impossible, Message, User, View
from bot.demo.workspace.state import State


def present(state: State, user: User | str, channel: Channel | str) -> tuple[User, Channel]:
    """A user in a channel in which they can write."""
    who, where = state.user(user), state.channel(channel)
    if who.id not in where.members or where.is_archived:
        raise Impossible(f"{who.name} cannot write in {where.name}")
    return who, where


def viewer(state: State, shown: Message | View, user: User | str) -> User:
    """Who uses something: the given user, the only one who can see it, or the first member of its channel."""
    who = state.user(user or _owner(state, shown))
    if not _sees(state, shown, who):
        raise Impossible(f"{who.name} does not see this")
    return who


def _owner(state: State, shown: Message | View) -> str:
    if isinstance(shown, View):
        return shown.user
    return shown.ephemeral_to or min(state.channels[shown.channel].members - {state.bot.id}, default="")


def _sees(state: State, shown: Message | View, who: User) -> bool:
    if isinstance(shown, View):
        return who.id == shown.user and state.view(shown.id) is shown
    addressed = shown.ephemeral_to in {"", who.id}
    return addressed and not shown.deleted and who.id in state.channels[shown.channel].members
