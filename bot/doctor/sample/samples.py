"""A sample of every view: what the commands answer on a history of their own, with a check that was saved in the lab.

Nothing is connected to. `mail.record.json` is what `portero check mail.lab.example --record` wrote in the lab of the
demo. Buttons that open dialogues are pressed, each kind once.
"""

import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.pmta_lookups import DnsLookups
from bot.probers import make_prober, utc_now
from bot.registry import COMMANDS
from bot.services import Services, watch_rules
from bot.settings import Settings
from bot.slack.home.home_view import home
from bot.slack.replies.dialogues import view_of
from bot.slack.replies.messages import fallbacks
from commands.contract import Actor, Command, Modal, Reply, Request, Step, UserError
from commands.help.handler import NotRunning
from commands.smtpcheck.probe.prober import Prober
from commands.smtpcheck.probe.replay import replay
from commands.smtpcheck.record_file.reader import read_record
from commands.smtpcheck.report.model import Check
from commands.stored_shapes import is_document
from storage.databases.registry import opened
from storage.entries import LOCAL
from storage.history import Viewer

RECORD = Path(__file__).with_name("mail.record.json")
HOST = "mail.lab.example"
TEAM, USER, CHANNEL = "T0000000001", "U0000000001", "C0000000001"

TYPED: tuple[tuple[str, str], ...] = (
    ("smtpcheck", ""),
    ("smtpcheck", HOST),
    ("smtpport", "sparkpost from google cloud"),
    ("smtpport", "465"),
    ("pmta", "smtp-listener 0/0:465"),
    ("pmta", "explain PMTA401"),
    ("smtpwatch", f"add {HOST} 25 every 15m"),
    ("smtpwatch", "list"),
    ("smtphistory", ""),
    ("smtphistory", HOST),
    ("smtphistory", "changes"),
    ("portero", ""),
    ("portero", "settings"),
)
"""In this order: what is asked later finds what came before."""

BY_NAME: Mapping[str, Command[Services]] = {command.name: command for command in COMMANDS}
NOBODY = (("127.0.0.1", 9),)
"""A name server that does not answer: no question leaves."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What Slack would be given: `kind` is `blocks` (of a message) or `view` (a dialogue, Home)."""

    name: str
    kind: str
    value: Any


@dataclass(frozen=True)
class Replayed:
    """A prober whose every check is the saved one."""

    prober: Prober
    saved: Check
    vantage: str = LOCAL

    async def check(self, *_: Any, check_id: str, **_more: Any) -> Check:
        return replace(self.saved, facts=replace(self.saved.facts, id=check_id))

    async def asked_control(self, _ports: Sequence[int]) -> Any:
        return self.prober.control

    @property
    def now(self) -> Any:
        return self.prober.now

    @property
    def clock(self) -> Any:
        return self.prober.clock


@dataclass(frozen=True)
class SampleServices(Services):
    """Services whose checker is the saved check."""

    replayed: Replayed | None = None

    async def checker(self, _vantage: str, _channel: str) -> Any:
        return self.replayed


class AllCommands(NotRunning):
    """What `/portero` shows of the commands."""

    commands = COMMANDS


async def samples() -> list[Sample]:
    """All of them; each is made by the command's own handler."""
    async with _services() as services:
        pressed: set[str] = set()
        found = [one async for one in _answers(services, pressed)]
        blocks = await home(Actor(USER, TEAM, admin=True), utc_now(), services)
        found.append(Sample("Home", "view", {"type": "home", "blocks": blocks}))
        return found + [one async for one in _dialogues(blocks, services, pressed)]


@asynccontextmanager
async def _services() -> AsyncIterator[SampleServices]:
    settings = Settings(ehlo_name="probe.example.com", nameservers=NOBODY)
    prober = make_prober(settings)
    saved = replay(read_record(RECORD.read_bytes()), store=prober.store, trust_record=True)
    with tempfile.TemporaryDirectory(prefix="portero-doctor-") as folder:
        async with opened(str(Path(folder) / "sample.db"), is_document=is_document) as database:
            yield SampleServices(
                prober=prober,
                history=database.history,
                watches=database.watches,
                ports=settings.ports,
                lookups=DnsLookups(NOBODY, prober.guard),
                watch_rules=watch_rules(settings),
                about=AllCommands(),
                viewer=_viewer,
                replayed=Replayed(prober, saved),
            )


async def _viewer() -> Viewer:
    return Viewer(TEAM, USER, frozenset({CHANNEL}), admin=True)


async def _answers(services: Services, pressed: set[str]) -> AsyncIterator[Sample]:
    """Answers, and the dialogues behind their buttons, each kind once."""
    for name, text in TYPED:
        asked = _request(name, text=text)
        async for step in _shown(BY_NAME[name].handle(asked, services)):
            yield _sample(f"/{name} {text}".strip(), name, step)
            async for one in _dialogues(step.blocks, services, pressed):
                yield one


async def _dialogues(blocks: Any, services: Services, pressed: set[str]) -> AsyncIterator[Sample]:
    """What the buttons open that were not pressed yet; nothing where one opens none, or has nothing to show here."""
    for action, value in _buttons(blocks):
        name, _, key = action.partition(".")
        found = BY_NAME[name].actions.get(key) if name in BY_NAME else None
        if found is None or not found.modal or action in pressed:
            continue
        pressed.add(action)
        with suppress(UserError):
            async for step in _shown(found.handle(_request(name, value=value), services)):
                yield _sample(action, name, step)


def _request(name: str, *, text: str = "", value: str = "") -> Request:
    return Request(name, Actor(USER, TEAM, admin=True), utc_now(), text=text, channel=CHANNEL, value=value)


async def _shown(steps: AsyncIterator[Step]) -> AsyncIterator[Reply | Modal]:
    async for step in steps:
        if isinstance(step, Reply | Modal):
            yield step


def _sample(name: str, command: str, step: Reply | Modal) -> Sample:
    if isinstance(step, Modal):
        return Sample(name, "view", view_of(step, command, CHANNEL))
    return Sample(name, "blocks", next(fallbacks(step.text, step.blocks)).get("blocks", []))


def _buttons(blocks: Any) -> Iterator[tuple[str, str]]:
    """The ids and values of everything that can be pressed."""
    if isinstance(blocks, Mapping):
        if blocks.get("type") == "button":
            yield str(blocks.get("action_id", "")), str(blocks.get("value", ""))
        blocks = list(blocks.values())
    if isinstance(blocks, Sequence) and not isinstance(blocks, str):
        for each in blocks:
            yield from _buttons(each)
