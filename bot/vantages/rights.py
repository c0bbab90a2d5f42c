"""Who may check from which machine: what `PORTERO_VANTAGES_ALLOW` names of channels, people and user groups."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.vantages.wording import not_allowed, perhaps_allowed
from commands.contract import DeclinedError
from commands.smtpcheck.places.checker import PlaceError
from storage.queries import Viewer


class NotForThemError(PlaceError):
    """A machine that somebody may not check from."""


async def nobody_knows(_group: str, _user: str) -> bool:
    """Where there is no Slack to ask (a terminal, whose user may use all)."""
    raise DeclinedError("Who is in its user group nobody can say here.")


@dataclass
class Rights:
    """`allow` has, for names that not everybody may use, the ids of who may. An admin may use all.

    `is_in` says whether somebody is in a user group; it raises DeclinedError where that is not known.
    """

    allow: Mapping[str, Collection[str]] = field(default_factory=dict)
    is_in: Callable[[str, str], Awaitable[bool]] = nobody_knows

    async def refusal(self, name: str, viewer: Viewer, channel: str) -> NotForThemError | None:
        """Why they may not check from there, in this channel; None where they may."""
        allowed, trouble = self.allow.get(name), ""
        if allowed is None or viewer.admin or channel in allowed or viewer.user in allowed:
            return None
        for group in sorted(one for one in allowed if one.startswith("S")):
            try:
                if viewer.user and await self.is_in(group, viewer.user):
                    return None
            except DeclinedError as error:
                trouble = error.message
        return NotForThemError(*(perhaps_allowed(name, trouble) if trouble else not_allowed(name)))

    async def usable(self, names: Iterable[str], viewer: Viewer, channel: str) -> list[str]:
        """Those of these names that they may check from, in their order."""
        return [name for name in sorted(names) if await self.refusal(name, viewer, channel) is None]
