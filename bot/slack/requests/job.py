"""One request and what serves it: what listeners hand to the dispatcher."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.services import Services
from bot.slack.requests.payload import Origin, Payload
from commands.contract import Command, FormErrors, Handler, Request, Subject

FormVerdict = asyncio.Future[FormErrors | None]
"""What the first step of a form's handler was; None when it had no errors, or when its ack could not wait."""


@dataclass(frozen=True, slots=True)
class Job:
    """`attached` are the files that came along, not fetched yet; `subject` is what it is about if no answer tells.

    `before` is what its thread was about.
    """

    command: Command[Services]
    handler: Handler[Services]
    request: Request
    origin: Origin
    modal: bool = False
    attached: Sequence[Payload] = ()
    verdict: FormVerdict | None = None
    subject: Subject | None = None
    before: Subject | None = None
