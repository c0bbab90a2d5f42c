"""A stored result behind its buttons: its details, why it is so, and shared in a channel."""

import dataclasses
from collections.abc import AsyncIterator

from commands.contract import Reply, Request, Step
from commands.sharing import Needs, Sharing, stored
from commands.smtpcheck.network import view as network_view
from commands.smtpcheck.network.document import KIND as NETWORK
from commands.smtpcheck.stored.document import KIND
from commands.smtpcheck.view import details as detailed
from commands.smtpcheck.view import message as view
from storage.history import Entry


def _shared(entry: Entry, request: Request, services: Needs) -> Reply:
    made = network_view.shared(entry, request) if entry.kind == NETWORK else view.shared(entry, request)
    return dataclasses.replace(made, subject=_copy(entry, request, services).subject)


def _copy(entry: Entry, _request: Request, _services: Needs) -> Reply:
    """The private answer from what is stored: all but what was said beside it."""
    made = network_view.result if entry.kind == NETWORK else view.result
    return made(entry.document, logged=True)


SHARING: Sharing[Needs] = Sharing("smtpcheck", (KIND, NETWORK), _shared, _copy)


async def details(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: transcript, certificate and timings in a dialogue."""
    entry = await stored(services, request.value, KIND, NETWORK)
    shown = network_view.details if entry.kind == NETWORK else detailed.details
    yield shown(entry, request.actor)


async def why(request: Request, services: Needs) -> AsyncIterator[Step]:
    """What is asked below an answer: all that the verdict rests on."""
    entry = await stored(services, request.value, KIND, NETWORK)
    yield network_view.details(entry, request.actor) if entry.kind == NETWORK else detailed.why(entry)
