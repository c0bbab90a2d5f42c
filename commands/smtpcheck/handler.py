"""`/smtpcheck`: from typed text to an answer and a row of history. One handler for Slack's surfaces."""

import dataclasses
from collections.abc import AsyncIterator

from commands.contract import Action, Command, Example, FormErrors, Reply, Request, Step, UserError
from commands.help_card import help_card
from commands.sharing import FORM, channel_form, lacks_channel, stored
from commands.smtpcheck.arguments import Arguments, parse_arguments, parse_network
from commands.smtpcheck.checking import Needs, check
from commands.smtpcheck.network import asking
from commands.smtpcheck.network import view as network_view
from commands.smtpcheck.network.document import KIND as NETWORK
from commands.smtpcheck.stored.entry import KIND
from commands.smtpcheck.view import details as detailed
from commands.smtpcheck.view import message as view
from storage.history import Entry

WORDS = frozenset({"here", "again", "deep"})
"""What may stand behind the target, beside ports."""


async def handle(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Check the target that was typed; without one, say what can be typed."""
    ours = parse_network(request.text, services.ports)
    if ours is not None:
        async for step in asking.look(ours, request, services):
            yield step
        return
    arguments = parse_arguments(request.text, services.ports, WORDS)
    if arguments is None:
        yield help_card(COMMAND, view.about(services.ports))
        return
    async for step in check(arguments, request, services):
        yield step


async def run_again(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The buttons: the same target and ports, in place of the old answer; once more, or deep."""
    ours = parse_network(request.value, services.ports)
    if ours is not None:
        async for step in asking.look(dataclasses.replace(ours, again=True), request, services, replace=True):
            yield step
        return
    arguments = parse_arguments(request.value, services.ports, WORDS)
    if arguments is None:
        raise UserError("There is no target to run again.", "Type /smtpcheck TARGET.")
    again = Arguments(arguments.target, arguments.ports, arguments.flags | {"again"})
    async for step in check(again, request, services, replace=True):
        yield step


async def share(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: post the stored result to the channel, with who shared it."""
    entry = await stored(services.history, request.value, KIND, NETWORK)
    yield channel_form(entry.id) if lacks_channel(request) else _shared(entry, request)


async def share_there(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The form that asked for a channel."""
    yield _shared(await stored(services.history, request.private, KIND, NETWORK), request)


def _shared(entry: Entry, request: Request) -> Reply:
    return network_view.shared(entry, request) if entry.kind == NETWORK else view.shared(entry, request)


async def details(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: transcript, certificate and timings in a dialogue."""
    entry = await stored(services.history, request.value, KIND, NETWORK)
    shown = network_view.details if entry.kind == NETWORK else detailed.details
    yield shown(entry, request.actor)


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
    async for step in check(arguments, request, services):
        yield step


COMMAND: Command[Needs] = Command(
    name="smtpcheck",
    summary="Check a host's SMTP ports: what answers, what is wrong, which to use.",
    usage="TARGET [PORT ...] [here] [deep] [again]",
    examples=(
        Example("mail.example.com", "every port of a host"),
        Example("example.com 25", "port 25 of a domain's mail servers"),
        Example("mail.example.com deep", "also TLS versions, IPv6, late greetings; up to 12 connections"),
        Example("network", "which ports our own network lets out"),
        Example("mail.example.com:587 here", "one port, answered in the channel"),
    ),
    handle=handle,
    actions={
        "share": Action(share),
        "run": Action(run_again),
        "deep": Action(run_again),
        "details": Action(details, modal=True),
        "ask": Action(ask, modal=True),
    },
    forms={"check": check_form, FORM: share_there},
)
