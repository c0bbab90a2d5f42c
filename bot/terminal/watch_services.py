"""What `/smtpwatch` needs, in a terminal: no prober and no Slack."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.console.process import login
from bot.settings import Settings
from commands.watch.state.limits import Rules
from commands.watch.state.model import Watch
from commands.watch.verbs.needs import ChannelPosts, NoSlack
from storage.entries import LOCAL
from storage.queries import Viewer
from storage.watches import ChangeWatches


@dataclass(frozen=True)
class Services:
    watches: ChangeWatches
    team: str
    watch_rules: Rules
    settings: Settings = field(default_factory=Settings)
    channel_posts: ChannelPosts = field(default_factory=NoSlack)

    async def viewer(self) -> Viewer:
        """The login says in the log of changes who did it; it is nobody's of Slack, and sees all of the team."""
        return Viewer(self.team, login(), admin=True)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def target_of(self, text: str) -> tuple[str, int | None, bool]:
        from commands.smtpcheck.address.target import parse_target  # noqa: PLC0415 - IDNA is slow to import

        target = parse_target(text)
        return target.name, target.port, target.is_email_domain

    def off_limits(self, name: str) -> str:
        from commands.smtpcheck.address.public_addresses import DenyList, Guard  # noqa: PLC0415

        settings = self.settings
        guard = Guard(settings.allow_networks, DenyList.parse(settings.deny_hosts))
        return guard.reason_against(name)

    async def places(self, _channel: str) -> list[str]:
        return [LOCAL]

    async def check_place(self, _vantage: str, _channel: str) -> None:
        """The bot knows the machines."""

    async def absence(self, _vantage: str) -> None:
        """The bot sees who is connected."""

    async def name_missing(self, _name: str) -> str:
        """Nobody asks DNS here."""
        return ""

    def wait_for_asker(self, _user: str, _times: int) -> float:
        """Whoever has the database counts nothing."""
        return 0.0

    def watches_changed(self) -> None:
        """A running bot looks once a second."""

    async def after_next_run(self, _watch: Watch) -> None:
        """Nothing runs here."""
