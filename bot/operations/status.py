"""What Portero says of itself: its commands, its settings, and how it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Any

from bot.registry import COMMANDS
from bot.services import Services
from bot.slack.home.home_view import settings
from commands.blocks import date
from commands.contract import Actor, Command
from commands.plural import plural
from commands.slack_text import escape
from storage.history import OPERATOR, StorageError
from storage.watches import Backlog


@dataclass(frozen=True)
class About:
    """Of a running bot. `mode` is how it is connected, `troubles` are those that its history has now."""

    services: Services
    mode: str
    troubles: Collection[str]
    began: datetime
    commands: Sequence[Command[Any]] = field(default=COMMANDS)

    def settings(self, actor: Actor) -> str:
        return settings(actor, self.services)

    async def status(self) -> str:
        since = date(self.began.timestamp(), f"{self.began:%Y-%m-%d %H:%M} UTC")
        lines = [
            f"Portero {version('portero')}, up since {since}, connected by {self.mode}",
            f"Servers are greeted as `{escape(self.services.prober.ehlo_name)}`",
            *await self._stored(),
        ]
        return "*How the bot is*\n" + "\n".join(f"• {line}" for line in lines)

    async def _stored(self) -> list[str]:
        troubles = sorted(kind.replace("_", " ") for kind in self.troubles)
        kept = f":warning: The history has trouble: {', '.join(troubles)}" if troubles else "Results are kept"
        try:
            watches = await self.services.watches.visible_to(OPERATOR)
            backlog = await self.services.watches.backlog(self.services.now())
        except StorageError:  # whoever asks need not know the file; admins are told of it
            return [kept, ":warning: Watches cannot be read right now"]
        return [kept, f"{plural(len(watches), 'watch', 'watches')}; {_waiting(backlog)}"]


def _waiting(backlog: Backlog) -> str:
    counts = ((backlog.due, "due now"), (backlog.waiting, "alerts on their way"), (backlog.failed, "alerts given up"))
    said = [f"{count:,} {words}" for count, words in counts if count]
    return ", ".join(said) or "nothing waits"
