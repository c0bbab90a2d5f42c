"""`/smtpport`: from a question, typed or filled in, to an answer and a row of history."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Protocol

from commands.blocks import button
from commands.contract import Action, Command, Example, Reply, Request, Step, Subject, UserError
from commands.help_card import HELP, help_card
from commands.secrets.masking import masked
from commands.sharing import Sharing, fingerprint
from commands.sharing import stored as entry_behind
from commands.slack_text import undo
from commands.smtpport import details, view
from commands.smtpport.advise import advise
from commands.smtpport.choices import choices, chosen
from commands.smtpport.document import Document, document, explained, lines_for
from commands.smtpport.form import form, question_of
from commands.smtpport.frameworks.reader import framework
from commands.smtpport.other_errors import other_errors
from commands.smtpport.question.asked import Question
from commands.smtpport.question.reader import MOST_TEXT, discreet, read, without_words
from commands.smtpport.stored import SCHEMA, advice_of, stored, summary, told
from commands.smtpport.text import refusal, unknown_framework
from storage.history import Entry, RecordHistory, StorageError, Viewer

log = logging.getLogger(__name__)

KIND = "port"
LONGEST = 4 * MOST_TEXT
"""Characters of what Slack sent that are looked at: it may have made links of words."""


class Needs(Protocol):
    """What `/smtpport` needs of the application."""

    @property
    def history(self) -> RecordHistory: ...

    async def viewer(self) -> Viewer:
        """Who asks, for what is asked of the history."""

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that may be probed: a check is offered for no others."""

    def new_id(self) -> str:
        """A fresh id for a result."""


async def handle(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Answer the question that was typed; without one, open the form (a terminal gets the general answer)."""
    typed = undo(request.text[:LONGEST]).strip()[:MOST_TEXT]
    if typed.lower() in HELP:
        yield help_card(COMMAND, "Without a question it opens a form.", button("Which port?", "smtpport.form"))
        return
    if not typed and request.surface != "terminal":
        yield form()
        return
    question = discreet(read(typed), typed)
    if error := refusal(masked(typed), question):
        raise error
    answer = await _answer(question, request, services)
    others = other_errors(typed, question.symptom) if isinstance(answer, Reply) else []
    yield view.with_others(answer, others) if isinstance(answer, Reply) and others else answer


async def ask(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The submitted form."""
    yield await _answer(question_of(request.form), request, services)


def _shared(entry: Entry, request: Request, services: Needs) -> Reply:
    return view.shared(entry, request, services.ports)


def _copy(entry: Entry, request: Request, services: Needs) -> Reply:
    """The private answer from what is stored: without words of the question."""
    return view.answer(told(entry.document, _day(request)), services.ports)


SHARING: Sharing[Needs] = Sharing("smtpport", (KIND,), _shared, _copy)


async def open_stored(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button in the history: the stored answer in a dialogue."""
    yield view.opened(await entry_behind(services, request.value, KIND), request.actor, _day(request))


async def open_form(request: Request, services: Needs) -> AsyncIterator[Step]:  # noqa: ARG001 - the shape of a handler
    """The button in Home."""
    yield form()


async def explain(request: Request, services: Needs) -> AsyncIterator[Step]:  # noqa: ARG001 - the shape of a handler
    """The button: what one port is, in a dialogue. The value is its number."""
    if not (request.value.isascii() and request.value.isdigit() and 0 < int(request.value) < 65536):
        raise UserError("That is no port number.", "Ports are 1 to 65535.")
    yield details.explanation(explained(int(request.value), _day(request)))


async def why(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: everything that the answer rests on, in a dialogue."""
    yield details.why(told((await entry_behind(services, request.value, KIND)).document, _day(request)))


async def sources(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: where it is written, in a dialogue."""
    yield details.sources(told((await entry_behind(services, request.value, KIND)).document, _day(request)))


async def lines(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button and the menu: what to put into an app, beside the answer. The value is `<id> <framework>`."""
    id, _, key = request.value.partition(" ")  # noqa: A001 - the name that history uses
    found = (await entry_behind(services, id, KIND)).document
    row = framework(key)
    if row and found.get("schema") == SCHEMA:
        yield details.lines(lines_for(advice_of(found), row, _day(request)))
    elif key == view.TESTS:
        pasted = told(found, _day(request))["snippets"]
        yield details.tests("".join(text for tool, text in pasted.items() if not framework(tool)))
    else:
        raise unknown_framework(key)


async def reading(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: the answer for what was meant among several readings. The value is `<id> <code>`."""
    id, _, code = request.value.partition(" ")  # noqa: A001 - the name that history uses
    found = (await entry_behind(services, id, KIND)).document
    advice = advice_of(found) if found.get("schema") == SCHEMA else None
    if advice is None or code not in choices(advice):
        raise UserError("That answer has no such reading.", "Ask again, with the line of the error.")
    yield await _answer(chosen(advice.question, code), request, services)


async def _answer(question: Question, request: Request, services: Needs) -> Step:
    answered = {"id": services.new_id(), **document(advise(question), _day(request))}
    logged = await _keep(stored(advise(without_words(question)), answered["id"]), request, services)
    if request.surface == "terminal":
        return view.in_terminal(answered)
    subject = Subject(
        "smtpport",
        tuple(filter(None, [answered["host"]])),
        entry=answered["id"] if logged else "",
        provider=question.provider or "",
        network=question.network or "",
    )
    return replace(view.answer(answered, services.ports, logged=logged), subject=subject)


async def _keep(found: Document, request: Request, services: Needs) -> bool:
    """Write the answer to history; it is never lost because the disk is full."""
    try:
        await services.history.add(_entry(found, request))
    except StorageError:
        log.exception("answer %s could not be written to history", found["id"])
        return False
    return True


def _verdict(answered: Document) -> str:
    """No port is left; what is no matter of ports says nothing of a host, at which nobody looked."""
    if answered["recommended"]:
        return "ok"
    return "failed" if (answered["diagnosis"] or {"port_problem": True})["port_problem"] else "unknown"


def _entry(found: Document, request: Request) -> Entry:
    answered = told(found, _day(request))
    return Entry(
        id=found["id"],
        kind=KIND,
        target=answered["host"] or "",
        vantage="local",
        verdict=_verdict(answered),
        summary=summary(found),
        started_at=request.at,
        elapsed_ms=0.0,
        actor=request.actor.user,
        team=request.actor.team,
        channel=request.channel,
        surface=request.surface,
        document=found,
        scope=fingerprint({name: it for name, it in answered["understood"].items() if name != "unread"}),
        outcome=fingerprint([[_advised(choice) for choice in choices] for choices in _choices(found)]),
    )


def _day(request: Request) -> str:
    return request.at.date().isoformat()


def _choices(found: Document) -> tuple[list[Document], ...]:
    best = [found["recommended"]] if found["recommended"] else []
    return best, found["fallbacks"], found["avoid"]


def _advised(choice: Document) -> list[Any]:
    """What makes an advice another one: not the sources, nor words."""
    return [choice["port"], choice.get("tls"), choice["reason"]["code"]]


def warm_up() -> None:
    """Build the indexes, and load what finds typos and reads reports, with questions that have them."""
    for question in _FIRST_QUESTIONS:
        view.answer({"id": "", **document(advise(read(question)))}, ())


_FIRST_QUESTIONS = (
    "sendgird from gogle cloud",
    "postfix/smtp[4711]: connect to mx.example.com[192.0.2.1]:25: Connection timed out",
    "host smtp.example.com said: 530 5.7.0 Must issue a STARTTLS command first (in reply to MAIL FROM command)",
    "the printer cannot send to me@example.com from my office, it worked until we moved to another provider",
)


COMMAND: Command[Needs] = Command(
    name="smtpport",
    summary="Say which SMTP port to use, what to fall back to, and why.",
    usage="[QUESTION in your own words]",
    examples=(
        Example("sparkpost from google cloud", "a provider, from a network"),
        Example("receive bounces", "a purpose"),
        Example("465", "one port and its story"),
        Example("printer to office 365", "a device that sends"),
        Example("why not 25", "what speaks against a port"),
        Example("587 times out from linode with ses", "what to try next"),
        Example("pmta listener", "the lines for PowerMTA"),
    ),
    handle=handle,
    actions={
        **SHARING.actions,
        "why": Action(why, modal=True),
        "sources": Action(sources, modal=True),
        "lines": Action(lines),
        "reading": Action(reading),
        "choose": Action(lines),
        "explain": Action(explain, modal=True),
        "open": Action(open_stored, modal=True),
        "form": Action(open_form, modal=True),
    },
    forms={"ask": ask, **SHARING.forms},
    wants_modal=lambda text: not text.strip(),
    label=lambda text: f"Ask: {text}",
    warm_up=warm_up,
)
