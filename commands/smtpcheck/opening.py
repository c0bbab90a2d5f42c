"""A stored result behind its buttons: its details, why it is so, and shared in a channel."""

import dataclasses
from collections.abc import AsyncIterator
from typing import Protocol

from commands import sharing
from commands.contract import Reply, Request, Step
from commands.sharing import Sharing, stored
from commands.smtpcheck.network import view as network_view
from commands.smtpcheck.network.document import KIND as NETWORK
from commands.smtpcheck.probe.running_checks import RunningChecks
from commands.smtpcheck.stored.document import KIND
from commands.smtpcheck.view import details as detailed
from commands.smtpcheck.view import message as view
from storage.history import Entry


class Needs(sharing.Needs, Protocol):
    """What there is for a stored result."""

    @property
    def running(self) -> RunningChecks: ...


def _shared(entry: Entry, request: Request, services: Needs) -> Reply:
    if entry.kind == NETWORK:
        made = network_view.shared(entry, request)
    else:
        made = view.shared(entry, request, services.running.said_elsewhere.of(entry.id))
    return dataclasses.replace(made, subject=_copy(entry, request, services).subject)


def _copy(entry: Entry, _request: Request, services: Needs) -> Reply:
    """The private answer from what is stored: all but who else asked."""
    if entry.kind == NETWORK:
        return network_view.result(entry.document, logged=True)
    return view.result(entry.document, logged=True, elsewhere=services.running.said_elsewhere.of(entry.id))


SHARING: Sharing[Needs] = Sharing("smtpcheck", (KIND, NETWORK), _shared, _copy)


async def details(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: transcript, certificate and timings in a dialogue."""
    entry = await stored(services, request.value, KIND, NETWORK)
    shown = network_view.details if entry.kind == NETWORK else detailed.details
    yield shown(entry, request.actor)


async def why(request: Request, services: Needs) -> AsyncIterator[Step]:
    """What is asked below an answer: all that the verdict rests on."""
    entry = await stored(services, request.value, KIND, NETWORK)
    yield network_view.details(entry, request.actor) if entry.kind == NETWORK else detailed.why(entry.document)
