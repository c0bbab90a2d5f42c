"""`/smtpcheck`: from typed text to an answer and a row of history. One handler for Slack's surfaces."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Protocol

from commands.contract import Action, Command, Example, FormErrors, Progress, Reply, Request, Step, UserError
from commands.sharing import FORM, channel_form, lacks_channel, stored
from commands.smtpcheck import network, view
from commands.smtpcheck.arguments import Arguments, parse_arguments
from commands.smtpcheck.check import Prober
from commands.smtpcheck.document import Document, to_document
from commands.smtpcheck.entry import KIND, to_entry, to_readings
from commands.smtpcheck.model import Check, EndpointReport
from storage.interface import Entry, History, StorageError

log = logging.getLogger(__name__)

COOL_DOWN = timedelta(seconds=60)
AGAIN_AFTER = timedelta(seconds=10)
"""A target that was just checked is answered from the history: mail servers block clients that connect too often."""

NETWORK = "network"
WORDS = frozenset({"here", "again"})
"""What may stand behind the target, beside ports."""


class Needs(Protocol):
    """What `/smtpcheck` needs of the application."""

    @property
    def prober(self) -> Prober: ...

    @property
    def history(self) -> History: ...

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that may be probed."""

    def new_id(self) -> str:
        """A fresh id for a result."""

    def wait_for_target(self, name: str) -> float:
        """Seconds until this target may be probed again; 0.0 means now, and counts."""


async def handle(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Check the target that was typed; without one, say what can be typed."""
    if request.text.lower().split()[:1] == [NETWORK]:
        yield Progress(":hourglass_flowing_sand: Trying our own network …")
        yield network.reply(await network.examine(services.prober.control, services.ports))
        return
    arguments = parse_arguments(request.text, services.ports, WORDS)
    if arguments is None:
        yield view.help_card(COMMAND, services.ports)
        return
    async for step in _check(arguments, request, services, replace=False):
        yield step


async def run_again(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: the same target and ports, in place of the old answer."""
    arguments = parse_arguments(request.value, services.ports, WORDS)
    if arguments is None:
        raise UserError("There is no target to run again.", "Type /smtpcheck TARGET.")
    again = Arguments(arguments.target, arguments.ports, arguments.flags | {"again"})
    async for step in _check(again, request, services, replace=True):
        yield step


async def share(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: post the stored result to the channel, with who shared it."""
    entry = await stored(services.history, request.value, KIND)
    yield channel_form(entry.id) if lacks_channel(request) else view.shared(entry, request)


async def share_there(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The form that asked for a channel."""
    yield view.shared(await stored(services.history, request.private, KIND), request)


async def details(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: transcript, certificate and timings in a dialogue."""
    yield view.details(await stored(services.history, request.value, KIND), request.actor)


async def ask(request: Request, services: Needs) -> AsyncIterator[Step]:  # noqa: ARG001 - the shape of a handler
    """The button in Home: a form for a target."""
    yield view.form(services.ports)


async def check_form(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The submitted form. What is wrong with the target is told at its field."""
    ports = request.form.get("ports") or []
    try:
        arguments = parse_arguments(" ".join([str(request.form.get("target") or ""), *ports]), services.ports, WORDS)
    except UserError as error:
        yield FormErrors({"target": f"{error.message} {error.hint}".strip()})
        return
    if arguments is None:
        yield FormErrors({"target": "Type a host, such as mail.example.com."})
        return
    async for step in _check(arguments, request, services, replace=False):
        yield step


def _mind_the_target(name: str, services: Needs) -> None:
    seconds = services.wait_for_target(name)
    if seconds > 0:
        raise UserError(
            f"{name} was checked several times within a minute; mail servers block clients that connect too often.",
            f"Try again in {max(1, round(seconds))} s.",
        )


async def _check(arguments: Arguments, request: Request, services: Needs, *, replace: bool) -> AsyncIterator[Step]:
    public = "here" in arguments.flags
    ports = arguments.ports or services.ports
    known = await _last_result(arguments, ports, request, services)
    if known is not None:
        yield view.result(known.document, logged=True, public=public, replace=replace, by=known.actor)
        return
    _mind_the_target(arguments.target.name, services)
    heard: asyncio.Queue[EndpointReport | None] = asyncio.Queue()
    probing = asyncio.ensure_future(
        services.prober.check(arguments.target, ports, check_id=services.new_id(), heard=heard.put_nowait)
    )
    probing.add_done_callback(lambda _: heard.put_nowait(None))
    try:
        async for step in _progress(arguments.target.name, ports, heard, public=public):
            yield step
        yield await _answer(await probing, request, services, public=public, replace=replace)
    finally:
        probing.cancel()


async def _last_result(arguments: Arguments, ports: Sequence[int], request: Request, services: Needs) -> Entry | None:
    """The team's last result for the same target and ports, if it is too young to bother the server again."""
    try:
        last = await services.history.last_of(arguments.target.name)
    except StorageError:
        return None
    if last is None or last.team != request.actor.team:
        return None
    patience = AGAIN_AFTER if "again" in arguments.flags else COOL_DOWN
    probed = {endpoint["port"] for endpoint in last.document["endpoints"]}
    return last if request.at - last.started_at < patience and probed == set(ports) else None


async def _progress(
    name: str, ports: Sequence[int], heard: asyncio.Queue[EndpointReport | None], *, public: bool
) -> AsyncIterator[Progress]:
    states: dict[int, str] = {}
    yield view.progress(name, states, ports, public=public)
    while (report := await heard.get()) is not None:
        states[report.port] = report.state
        yield view.progress(name, states, ports, public=public)


async def _answer(check: Check, request: Request, services: Needs, *, public: bool, replace: bool) -> Reply:
    document = to_document(check)
    logged = await _keep(check, document, request, services)
    return view.result(document, logged=logged, public=public, replace=replace)


async def _keep(check: Check, document: Document, request: Request, services: Needs) -> bool:
    """Write the result to history; an answer is never lost because the disk is full."""
    try:
        await services.history.add(to_entry(check, document, request), to_readings(check))
    except StorageError:
        log.exception("check %s could not be written to history", check.facts.id)
        return False
    return True


COMMAND: Command[Needs] = Command(
    name="smtpcheck",
    summary="Check a host's SMTP ports: what answers, what is wrong, which to use.",
    usage="TARGET [PORT ...] [here] [again]",
    examples=(
        Example("mail.example.com", "every port of a host"),
        Example("example.com 25", "port 25 of a domain's mail servers"),
        Example("network", "which ports our own network lets out"),
        Example("mail.example.com:587 here", "one port, answered in the channel"),
    ),
    handle=handle,
    actions={
        "share": Action(share),
        "run": Action(run_again),
        "details": Action(details, modal=True),
        "ask": Action(ask, modal=True),
    },
    forms={"check": check_form, FORM: share_there},
)
