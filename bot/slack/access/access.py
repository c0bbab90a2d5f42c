"""Who may use Portero, and whose results they see. The one place that decides; what Slack does not tell is a no.

Everybody sees their own results and those of the channels they are in, admins see all. Guests, and people of other
organisations who share a channel with us, get nothing unless a setting allows. Who asks is part of every question to
the history and the watches (a `Viewer`), and only here one is made for a person: no button and no dialogue can forget.

That somebody is in a channel is shown by Slack's list of their channels, and by the request itself: who types or
presses a button in a channel is in it. That is how people in private channels without the bot, and in direct messages,
see what was asked there.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.services import Services
from bot.slack.access.people import People, Person
from bot.slack.client.tokens import REFUSALS
from bot.slack.client.web_client import FAULTS, word_of
from commands.contract import Actor, DeclinedError, NotServedError
from storage.history import Viewer

log = logging.getLogger(__name__)

STRANGER = "Portero answers only members of the organisation that installed it."
GUEST = "Portero does not answer guests here."
ASK = "Whoever runs Portero can allow it."
NO_SCOPE = "Portero may not look up who you are: its Slack app lacks the scope users:read."
UNKNOWN = "Slack does not say right now who you are. The fault is on Slack's side, not yours, and nothing was done."
REFUSED = "Slack does not take Portero's token any more, so nothing was done."
INSTALL = "Whoever runs Portero has to install its app again and set the new token."
GROUP_UNKNOWN = (
    "Slack does not say right now who is in the user group that it is for, so nobody is let in.",
    "Try again in a minute.",
)
GROUP_TROUBLES: Mapping[str, tuple[str, str]] = {
    "missing_scope": (
        "Portero may not look up who is in the user group that it is for: its app lacks the scope usergroups:read.",
        ASK,
    ),
    "no_such_subteam": ("The user group that the setting names does not exist.", ASK),
    "plan_upgrade_required": ("It is for a user group, and this workspace has none.", ASK),
}
LATER = "Try again in a minute; status.slack.com has known outages."


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say: people who see all, whether guests are served, other organisations that are."""

    admins: frozenset[str] = frozenset()
    guests: bool = False
    teams: frozenset[str] = frozenset()


class Access:
    """Decides by what Slack says of a person. `homes` are the ids of the team and of the enterprise that we serve.

    `team` is the first of them: whatever anybody asks of us is its memory, from whichever workspace of the enterprise
    or organisation of a shared channel they come.
    """

    def __init__(self, people: People, rules: Rules) -> None:
        self._people = people
        self._rules = rules
        self.team = ""
        self.homes: frozenset[str] = frozenset()

    def knows(self, actor: Actor) -> bool:
        """By what the request says alone: the team, or the enterprise, whose id Slack also writes in its place."""
        return self._belongs({actor.team, actor.enterprise} - {""})

    async def admit(self, actor: Actor) -> Person:
        """The person, if they are served; else a NotServedError that says why not."""
        if not self.knows(actor):
            raise NotServedError(STRANGER)
        person = await self._person(actor.user)
        if not self._belongs(person.homes) or person.gone:
            raise NotServedError(STRANGER)
        if person.guest and not self._rules.guests:
            raise NotServedError(GUEST, ASK)
        return person

    async def sees_all(self, user: str) -> bool:
        """Our admins; those of another organisation that a setting lets in are admins of theirs alone."""
        if user in self._rules.admins:
            return True
        person = await self._person(user)
        return person.admin and bool(self.homes & person.homes)

    async def is_in(self, group: str, user: str) -> bool:
        """Whether somebody is in a user group. DeclinedError where Slack does not say: then they are let in nowhere."""
        try:
            return user in await self._people.group(group)
        except FAULTS as error:
            log.warning("a user group could not be looked up: %s", word_of(error))
            raise DeclinedError(*GROUP_TROUBLES.get(word_of(error), GROUP_UNKNOWN)) from error

    def viewing(self, services: Services, user: str, here: str = "") -> Services:
        """The services with this person as who asks. `here` is a channel in which they are beyond doubt."""

        async def viewer() -> Viewer:
            if await self.sees_all(user):
                return Viewer(self.team, user, admin=True)
            return Viewer(self.team, user, await self._channels(user) | ({here} - {""}))

        return replace(services, viewer=viewer)

    def viewing_nothing(self, services: Services) -> Services:
        """The services for somebody of the team who sees no result of anybody's."""

        async def viewer() -> Viewer:
            return Viewer(self.team)

        return replace(services, viewer=viewer)

    def viewing_channel(self, services: Services, channel: str, acting: str = "") -> Services:
        """The services for what concerns a channel, whoever is in it. `acting`: whose order it is, for the log."""

        async def viewer() -> Viewer:
            return Viewer(self.team, channels=frozenset({channel}), acting=acting)

        return replace(services, viewer=viewer, asker=self.viewing(services, acting).viewer if acting else None)

    async def _channels(self, user: str) -> frozenset[str]:
        """The channels of a person as far as Slack tells; none when it does not answer."""
        try:
            return await self._people.channels(user)
        except FAULTS as error:
            log.warning("the channels of a person could not be looked up: %s", word_of(error))
            return frozenset()

    def _belongs(self, homes: Collection[str]) -> bool:
        return bool((self.homes | self._rules.teams) & set(homes))

    async def _person(self, user: str) -> Person:
        try:
            return await self._people.person(user)
        except FAULTS as error:
            log.error("a person could not be looked up: %s", word_of(error))  # noqa: TRY400 - a trace says no more
            raise NotServedError(*_why_unknown(word_of(error))) from error


def _why_unknown(word: str) -> tuple[str, str]:
    """What is so, and what to do, where Slack does not say who somebody is."""
    if word in REFUSALS:
        return REFUSED, INSTALL
    return (NO_SCOPE, ASK) if word == "missing_scope" else (UNKNOWN, LATER)
