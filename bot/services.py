"""The composition root: the only place that constructs real things."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from bot.entry_sentences import line_with_words, with_sentences
from bot.pmta_lookups import DnsLookups
from bot.probers import make_prober
from bot.rate_limits import PER_PORT, PER_TARGET, PER_USER, Limiter
from bot.settings import Settings
from bot.validation.validator import Validator
from bot.wakeup import Wakeup, after_next_run
from bot.watches.notifiers.registry import choices_in, missing_in, routes_of
from commands.contract import DeclinedError, Request, Step
from commands.help.handler import About, NotRunning
from commands.pmta.checking import InThread
from commands.pmta.needs import Checks
from commands.pmta.world import Lookups
from commands.sharing import new_id
from commands.smtpcheck.address.target import target_in
from commands.smtpcheck.places.checker import Checker
from commands.smtpcheck.probe.prober import Prober
from commands.smtpcheck.probe.running_checks import RunningChecks
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Limits, direct, through
from commands.stored_shapes import is_document
from commands.watch.state.limits import Rules
from commands.watch.state.model import ANY, Watch
from commands.watch.verbs.needs import ChannelPosts, NoSlack
from storage.databases.registry import opened
from storage.entries import LOCAL
from storage.file_maintenance import HistoryFile
from storage.history import Entry, History, Line, Viewer
from storage.watches import Watches


async def nobody() -> Viewer:
    """Until somebody asks: `bot.access` puts a person in its place."""
    return Viewer("")


ALONE = "Portero checks from its own machine alone: no other is set up.", "Leave `from` out."


class Vantages(Protocol):
    """The other machines that check in this one's place."""

    async def told(self) -> list[tuple[str, str]]:
        """The name of each machine that may connect, and a line of mrkdwn about it."""

    async def for_watch(self, vantage: str, viewer: Viewer, channel: str, *, patient: bool = False) -> Checker:
        """As `checker`, behind what people ask for; `patient`: waits longer for a word, where it can."""

    async def sources(self, viewer: Viewer, channel: str) -> dict[str, tuple[str, str]]:
        """The addresses that those check from: `NAME/ADDRESS` and the name in EHLO of each."""

    async def connected(self, viewer: Viewer, channel: str) -> list[str]:
        """The names of those that are there now and may be used, in their order."""

    async def checker(self, vantage: str, viewer: Viewer, channel: str) -> Checker:
        """What checks from there. DeclinedError where nobody is connected, or it is not for this channel."""

    async def check_name(self, vantage: str, viewer: Viewer, channel: str) -> None:
        """UserError where no machine of this name may connect, DeclinedError where it is not for this channel."""

    async def absence(self, vantage: str) -> DeclinedError | None:
        """What is said where nobody is connected; None where somebody is."""

    def know_groups(self, is_in: Callable[[str, str], Awaitable[bool]]) -> None:
        """From now on it can be asked whether a user group (id) has somebody (id) in it."""

    def seen(self) -> Collection[str]:
        """The names of those that this process sees connected."""

    @property
    def is_sure(self) -> bool:
        """Whether it has looked for long enough to say of the others that they are not there."""


async def nobody_asks(_name: str) -> str:
    """Where there is no DNS nothing is known to be missing."""
    return ""


@dataclass(frozen=True)
class Services:
    """What handlers may use. Each declares its own Protocol of it; the type checker compares them in `registry`."""

    prober: Prober
    history: History
    watches: Watches
    ports: tuple[int, ...]
    lookups: Lookups
    checks: Checks = field(default_factory=InThread)
    keep_configs: bool = False
    retention_days: int = 0
    watch_rules: Rules = field(default_factory=lambda: Rules(routes=routes_of()))
    now: Callable[[], datetime] = field(default=partial(datetime.now, UTC))
    limiter: Limiter = field(default_factory=lambda: Limiter(time.monotonic))
    running: RunningChecks = field(default_factory=RunningChecks)
    vantages: Vantages | None = None
    watches_due: Wakeup = field(default_factory=Wakeup)
    watch_ran: Wakeup = field(default_factory=Wakeup)
    channel_posts: ChannelPosts = field(default_factory=NoSlack)
    about: About = field(default_factory=NotRunning)
    file: HistoryFile | None = None
    viewer: Callable[[], Coroutine[Any, Any, Viewer]] = nobody
    asker: Callable[[], Coroutine[Any, Any, Viewer]] | None = None
    name_missing: Callable[[str], Coroutine[Any, Any, str]] = nobody_asks

    @property
    def database(self) -> Path | None:
        return self.file.path if self.file else None

    def new_id(self) -> str:
        return new_id(self.now())

    def wait_for_asker(self, user: str, times: int) -> float:
        return self.limiter.wait_for_all([(("user", user), PER_USER)] * times)

    def wait_for_target(self, name: str, ports: Collection[int], vantage: str = LOCAL) -> float:
        each = [(("target", name, vantage, port), PER_PORT) for port in ports]
        return self.limiter.wait_for_all([(("target", name, vantage), PER_TARGET), *each])

    async def places(self, channel: str) -> list[str]:
        """The names of the places that may be checked from in this channel now, this machine first."""
        others = await self.vantages.connected(await self.viewer(), channel) if self.vantages else []
        return [LOCAL, *others]

    async def sources(self, channel: str) -> Mapping[str, tuple[str, str]]:
        """The addresses that another machine checks from: how to ask for them, and their names in EHLO."""
        return await self.vantages.sources(await self.viewer(), channel) if self.vantages else {}

    async def checker(self, vantage: str, channel: str) -> Checker:
        """What checks from there. DeclinedError where nobody is connected, or it is not for this channel."""
        if vantage == LOCAL:
            return self.prober
        if self.vantages is None:
            raise DeclinedError(*ALONE)
        return await self.vantages.checker(vantage, await self.viewer(), channel)

    async def check_place(self, vantage: str, channel: str) -> None:
        """UserError where no machine of ours has this name, DeclinedError where it is not for this channel."""
        if vantage in {LOCAL, ANY}:
            return
        if self.vantages is None:
            raise DeclinedError(*ALONE)
        await self.vantages.check_name(vantage, await self.viewer(), channel)

    async def absence(self, vantage: str) -> DeclinedError | None:
        """What is said where nobody is connected there; None where somebody is."""
        if vantage in {LOCAL, ANY}:
            return None
        return DeclinedError(*ALONE) if self.vantages is None else await self.vantages.absence(vantage)

    def target_of(self, text: str) -> tuple[str, int | None, bool]:
        """The name that a text means, the port that came with it, and whether it is the domain of a mail address.

        `UserError` for what is no target.
        """
        target = target_in(text)
        return target.name, target.port, target.is_email_domain

    def off_limits(self, name: str) -> str:
        return self.prober.guard.reason_against(name)

    async def tagged(self, tag: str) -> list[str]:
        return await self.watches.tagged(tag, await self.viewer())

    def provider_hosts(self, name: str) -> Callable[[str], bool]:
        from commands.smtpport.catalogue.lookup import hosts_called  # noqa: PLC0415 - only this question reads it

        return hosts_called(name)

    def compared_hosts(self, request: Request) -> AsyncIterator[Step]:
        from commands.smtpcheck.handler import handle  # noqa: PLC0415 - only this question of the history asks it

        return handle(request, self)

    def with_sentences(self, entry: Entry) -> Entry:
        return with_sentences(entry)

    def line_with_words(self, line: Line) -> Line:
        return line_with_words(line)

    def watches_changed(self) -> None:
        """A watch may be due, or an event may wait, earlier than the loops expect."""
        self.watches_due.wake()

    async def after_next_run(self, watch: Watch) -> Watch | None:
        return await after_next_run(self.watches, await self.viewer(), self.watch_ran, watch)


def watch_rules(settings: Settings) -> Rules:
    """What watches may be like here."""
    return Rules(
        settings.watches_every_min,
        settings.ports,
        settings.watches_max,
        routes=routes_of(),
        missing=missing_in(settings),
        choices=choices_in(settings),
    )


@asynccontextmanager
async def open_services(
    settings: Settings,
    *,
    lab: Mapping[tuple[str, int], tuple[str, int]] | None = None,
    store: TrustStore | None = None,
    limits: Limits | None = None,
) -> AsyncIterator[Services]:
    """Everything real, closed in order at the end. `lab` sends the lab's addresses to where the lab listens."""
    async with opened(settings.database, is_document=is_document) as database:
        validator = Validator()
        prober = make_prober(settings, store=store, route=through(lab) if lab else direct, limits=limits)
        try:
            lookups = DnsLookups(settings.nameservers or None, prober.guard)
            yield Services(
                prober=prober,
                history=database.history,
                watches=database.watches,
                ports=settings.ports,
                lookups=lookups,
                checks=validator,
                keep_configs=settings.keep_configs,
                retention_days=settings.retention_days,
                watch_rules=watch_rules(settings),
                file=database.file,
                name_missing=lambda name: prober.resolver.absence(target_in(name)),
            )
        finally:
            validator.close()
            await prober.close()
