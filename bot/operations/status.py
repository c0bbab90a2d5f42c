"""What Portero says of itself: its commands, its settings, and how it is."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Any

from bot.doctor.result.codes import State
from bot.doctor.self_check import SelfCheck
from bot.registry import COMMANDS
from bot.services import Services
from bot.slack.home.home_view import settings
from commands.blocks import date
from commands.contract import Actor, Command, Reply, Request
from commands.history import log_reply
from commands.plural import by_count, plural
from commands.slack_text import code_span, escape
from commands.smtpcheck.network.view import let_out
from commands.smtpcheck.stored.pauses import NETWORK
from commands.watch.state.actions import waits_for_channel
from commands.watch.state.condition import Quieted, condition_of, quieted_by
from commands.watch.state.model import Watch
from commands.watch.state.rows import of_row
from commands.watch.view.condition import standings
from storage.history import OPERATOR, StorageError, Viewer
from storage.watches import Backlog


@dataclass(frozen=True)
class About:
    """Of a running bot. `mode` is how it is connected, `troubles` are those that its history has now."""

    services: Services
    mode: str
    troubles: Collection[str]
    began: datetime
    looked: SelfCheck = field(default_factory=SelfCheck)
    commands: Sequence[Command[Any]] = field(default=COMMANDS)

    def settings(self, actor: Actor) -> str:
        return settings(actor, self.services)

    async def status(self, actor: Actor) -> str:
        since = date(self.began.timestamp(), f"{self.began:%Y-%m-%d %H:%M} UTC")
        lines = [
            f"Portero {version('portero')}, up since {since}, connected by {self.mode}",
            f"Servers are greeted as {code_span(self.services.prober.ehlo_name)}",
            *await self._health(counted=True),
            *(self.needs() if actor.admin else self._called_for()),
        ]
        return "*Portero's status*\n" + "\n".join(f"• {line}" for line in lines)

    async def vantages(self) -> str:
        known = self.services.vantages
        if known is None:
            return "Portero checks from its own machine alone: PORTERO_NATS is not set."
        lines = [f"• {line}{await self._let_out(name)}" for name, line in await known.told()]
        none = ["None may connect; `portero vantage add NAME --out FILE` lets one in."]
        more = (
            "`/smtpcheck network from NAME` looks anew what its network lets out; `/smtpcheck HOST from all` asks all."
        )
        return "\n".join(["*Machines that check for Portero*", *(lines or none), more])

    async def log(self, text: str, request: Request, viewer: Viewer) -> Reply:
        return await log_reply.typed(text, request, self.services.watches, viewer)

    async def log_page(self, request: Request, viewer: Viewer) -> Reply:
        return await log_reply.turned(request, self.services.watches, viewer)

    async def _let_out(self, name: str) -> str:
        """A line: which ports its network let out when that was looked at last. mrkdwn."""
        try:
            look = await self.services.history.last_of(NETWORK, OPERATOR, NETWORK, name)
        except StorageError:
            return ""
        if look is None:
            return "\nIts network: nobody has looked yet"
        at = date(look.started_at.timestamp(), f"{look.started_at:%Y-%m-%d %H:%M} UTC")
        return f"\nIts network, {at}: {escape(let_out(look.document, self.services.ports))}"

    def needs(self) -> list[str]:
        """What the last look found that Portero lacks, for those who can do something about it."""
        if self.looked.at is None:
            return []
        at = date(self.looked.at.timestamp(), f"{self.looked.at:%Y-%m-%d %H:%M} UTC")
        notes = self.looked.count(State.NOTE)
        noted = f" ({plural(notes, 'note')}: `portero doctor`, on its machine)" if notes else ""
        if lines := self.looked.lines():
            return [*lines, f"That was looked at {at}; `portero doctor`, on its machine, looks at more"]
        return [f"What Portero needs was there when it looked last, {at}{noted}"]

    def _called_for(self) -> list[str]:
        """The same for everybody: names of machines and servers are for those who run them."""
        bad = self.looked.count(State.BAD)
        return [f":warning: {plural(bad, 'thing')} to mend for whoever runs Portero; admins see which"] if bad else []

    async def health(self) -> list[str]:
        return await self._health(counted=False)

    async def _health(self, *, counted: bool) -> list[str]:
        """`counted` says how many watches there are, too; else it is for admins, who may see which."""
        troubles = sorted(kind.replace("_", " ") for kind in self.troubles)
        kept = (
            f":warning: The history has trouble: {', '.join(troubles)}"
            if troubles
            else f"Results are kept{self._size()}"
        )
        try:
            watches = await self.services.watches.visible_to(OPERATOR)
            backlog = await self.services.watches.backlog(self.services.now())
        except StorageError:  # whoever asks need not know the file; admins are told of it
            return [kept, ":warning: Watches cannot be read right now"]
        known = [of_row(row) for row in watches]
        watched, lost = (_watched(known, self.services.now()), _lost(backlog)) if counted else ("", "")
        said = "; ".join(filter(None, (watched, _unposted(known), _waiting(backlog), lost)))
        return [kept, said, *([] if counted else _which_were_lost(backlog, known))]

    def _size(self) -> str:
        place = self.services.database
        size = place.stat().st_size if place is not None and place.exists() else 0
        if not size:
            return ""
        return f" ({size / 2**20:,.0f} MB)" if size >= 2**20 else " (less than 1 MB)"


def _watched(watches: Sequence[Watch], now: datetime) -> str:
    """How many of each state, and what keeps how many quiet."""
    counted = Counter(condition_of(watch, now).standing for watch in watches)
    quieted = Counter(quieted_by(watch, now)[0] for watch in watches)
    quiet = [f"{quieted[how]} {words}" for how, words in QUIET.items() if quieted[how]]
    said = ": ".join(filter(None, (plural(len(watches), "watch", "watches"), standings(counted))))
    return "; ".join(filter(None, [said, ", ".join(quiet)]))


def _unposted(watches: Sequence[Watch]) -> str:
    lost = sum(map(waits_for_channel, watches))
    return f":warning: {by_count(lost, ('1 watch cannot post in its channel', UNPOSTED))}" if lost else ""


UNPOSTED = "{count} watches cannot post in their channel"


QUIET: Mapping[Quieted, str] = {
    "muted": "muted",
    "snoozed": "snoozed",
    "maintenance": "in maintenance",
}


def _waiting(backlog: Backlog) -> str:
    counts = ((backlog.due, "due now"), (backlog.waiting, "alerts on their way"))
    said = [f"{count:,} {words}" for count, words in counts if count]
    return ", ".join(said) or "nothing is waiting"


def _lost(backlog: Backlog) -> str:
    count = sum(count for _, count in backlog.lost.values())
    return f":warning: {by_count(count, LOST)} in the last 7 days" if count else ""


def _which_were_lost(backlog: Backlog, watches: Sequence[Watch]) -> list[str]:
    """With their hosts, the routes and why: there it is mended."""
    targets = {watch.id: watch.target for watch in watches}
    rows = [
        f"{count} of {escape(targets.get(id_, 'a deleted watch'), 80)} (`{id_}`) by {route}: {code_span(why, 60)}"
        for (id_, route), (why, count) in backlog.lost.items()
    ]
    more = [f"{len(rows) - MOST_LOST} more watches"] if len(rows) > MOST_LOST else []
    return [f"{_lost(backlog)}: {'; '.join([*rows[:MOST_LOST], *more])}"] if rows else []


LOST = ("1 alert did not arrive", "{count} alerts did not arrive")
MOST_LOST = 5
