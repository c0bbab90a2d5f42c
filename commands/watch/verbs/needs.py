"""What `/smtpwatch` needs of the application."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from commands.asking_rate import CountsAskers
from commands.contract import DeclinedError, UserError
from commands.watch.state.events import Event
from commands.watch.state.limits import Rules
from commands.watch.state.model import Watch
from storage.queries import Viewer
from storage.watches import ChangeWatches

INSTALLATION = "installation"
"""The note in which the bot says whose watches a database holds: `{"team": "T1"}`."""


class ChannelPosts(Protocol):
    """Posts of watches outside of answers. Each says what Slack said: a code, or nothing when it was posted."""

    async def announce(self, channel: str, text: str) -> str: ...

    async def rehearse(self, watch: Watch, event: Event) -> str:
        """Post what an alert would look like."""

    async def refresh(self, watch: Watch, since: datetime | None = None) -> None:
        """Bring the message of an open incident up to date: who acknowledged it, who made it quiet.

        `since`: those of incidents that ended since then, too.
        """

    async def told_in(self, channel: str, ts: str, watches: Sequence[Watch]) -> list[Watch]:
        """Of these watches those whose open incidents stand in a message, or did before a newer one; oldest first."""

    async def was_told_in(self, channel: str, ts: str, watches: Sequence[Watch]) -> tuple[Watch, str] | None:
        """Of these watches the one whose incident stood in a message and is over, and the incident's id."""

    async def groups(self) -> Mapping[str, str]:
        """The user groups that may be mentioned: id -> handle. Empty when Slack does not let us know them."""

    async def names(self, ids: Collection[str]) -> Mapping[str, str]:
        """What people and channels are called, by their ids; those that are not known are left out."""


class NoSlack:
    """Where there is no Slack (the terminal): nothing is posted, and nothing is refused."""

    async def announce(self, _channel: str, _text: str) -> str:
        return ""

    async def rehearse(self, _watch: Watch, _event: Event) -> str:
        raise UserError("A test alert needs Slack.", "Type it there, behind the slash command: `test TARGET`.")

    async def refresh(self, _watch: Watch, _since: datetime | None = None) -> None:
        return None

    async def told_in(self, _channel: str, _ts: str, _watches: Sequence[Watch]) -> list[Watch]:
        return []

    async def was_told_in(self, _channel: str, _ts: str, _watches: Sequence[Watch]) -> tuple[Watch, str] | None:
        return None

    async def groups(self) -> Mapping[str, str]:
        return {}

    async def names(self, _ids: Collection[str]) -> Mapping[str, str]:
        return {}


class Needs(CountsAskers, Protocol):
    """What there is for a watch: where it is kept, where it tells, what it may be like here."""

    @property
    def watches(self) -> ChangeWatches: ...

    async def viewer(self) -> Viewer:
        """Who asks, for what is asked of the watches."""

    @property
    def watch_rules(self) -> Rules: ...

    @property
    def channel_posts(self) -> ChannelPosts: ...

    def target_of(self, text: str) -> tuple[str, int | None, bool]: ...

    def off_limits(self, name: str) -> str:
        """Why nothing may connect to an address, or to a name whatever its addresses (a code); else nothing."""

    async def name_missing(self, name: str) -> str:
        """What DNS surely has not of a name (a code), so that no run could ever see its ports; else nothing."""

    async def places(self, channel: str) -> list[str]:
        """The names of the places that may be watched from in this channel now, this machine first."""

    async def check_place(self, vantage: str, channel: str) -> None:
        """UserError where no machine of ours has this name, DeclinedError where it is not for this channel."""

    async def absence(self, vantage: str) -> DeclinedError | None:
        """What is said where nobody is connected there; None where somebody is."""

    def watches_changed(self) -> None: ...

    def now(self) -> datetime: ...

    async def after_next_run(self, watch: Watch) -> Watch | None:
        """The watch after its next run. None when that takes too long, or when nothing runs here."""
