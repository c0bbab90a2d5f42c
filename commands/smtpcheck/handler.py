"""`/smtpcheck`: from typed text to an answer and a row of history. One handler for Slack's surfaces."""

import dataclasses
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from commands.asking_rate import mind_the_asker
from commands.blocks import button, section
from commands.contract import (
    Action,
    Command,
    Example,
    FormErrors,
    Progress,
    Reply,
    Request,
    Step,
    UserError,
)
from commands.form_fields import WrongFields
from commands.help_card import help_card
from commands.slack_text import escape
from commands.smtpcheck import opening
from commands.smtpcheck import questions_asked as questions
from commands.smtpcheck.arguments import Arguments, parse_compared, parse_network, parse_several, typed
from commands.smtpcheck.meant import meant_by, offering
from commands.smtpcheck.needs import Needs
from commands.smtpcheck.network import asking
from commands.smtpcheck.one_check import document_of, joined_check, keep, known_result
from commands.smtpcheck.places.asking import ALL, MOST_PLACES, as_seen_elsewhere, from_all
from commands.smtpcheck.places.checker import Checker, NotThereError
from commands.smtpcheck.places.comparison import doubtful_ports
from commands.smtpcheck.probe.concurrent_connections import Heard
from commands.smtpcheck.probe.running_checks import Asked
from commands.smtpcheck.several import view as several_view
from commands.smtpcheck.several.asking import of_several
from commands.smtpcheck.several.view import Found
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.stored.pauses import Rest
from commands.smtpcheck.view import message as view
from commands.smtpcheck.view import pauses as pauses_view
from commands.words import slip_of
from storage.entries import LOCAL
from storage.history import Entry, Viewer

WORDS = frozenset({"here", "again", "deep"})
"""What may stand behind the target, beside ports."""


async def handle(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Check the target that was typed; without one, say what can be typed."""
    ours = parse_network(request.text, services.ports)
    if ours is not None:
        async for step in _look(ours, request, services):
            yield step
        return
    two = parse_compared(request.text, services.ports)
    if two:
        async for step in questions.compared(two, request, services):
            yield step
        return
    asked = parse_several(request.text, services.ports, WORDS)
    if not asked:
        yield help_card(COMMAND, view.about(services.ports), button("Check a host", "smtpcheck.ask"))
        return
    async for step in check(asked, request, services):
        yield step


async def _look(ours: asking.OwnNetwork, request: Request, services: Needs) -> AsyncIterator[Step]:
    mind_the_asker(request.actor.user, services)
    async for step in asking.look(ours, request, services):
        yield step


async def check_now(request: Request, services: Needs) -> AsyncIterator[Step]:
    """A button below something else, advice or a list: the answer stands beside that."""
    async for step in _pressed(request, services, replace=False):
        yield step


async def run_again(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The buttons below a check: the same target and ports, in place of the old answer; once more, or deep."""
    async for step in _pressed(request, services, replace=True):
        yield step


async def _pressed(request: Request, services: Needs, *, replace: bool) -> AsyncIterator[Step]:
    """A check of what the button carries, anew."""
    ours = parse_network(request.value, services.ports)
    if ours is not None:
        async for step in _look(dataclasses.replace(ours, again=True), request, services):
            yield _in_place(step) if replace else step
        return
    asked = parse_several(request.value, services.ports, WORDS)
    if not asked:
        raise UserError("There is no target to run again.", "Type /smtpcheck TARGET.")
    again = [dataclasses.replace(one, flags=one.flags | {"again"}) for one in asked]
    async for step in check(again, request, services, replace=replace):
        yield step


def _in_place(step: Step) -> Step:
    """The same step, which edits the message whose button was pressed."""
    return dataclasses.replace(step, replace=True) if isinstance(step, Progress | Reply) else step


async def why(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Of a result by its id, or of hosts: then of their last ones."""
    is_of_hosts = any(mark in request.value for mark in ".:")
    async for step in (questions.why if is_of_hosts else opening.why)(request, services):
        yield step


async def ask(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button in Home: a form for a target."""
    yield view.form(services.ports, await services.places(request.channel))


async def check_form(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The submitted form. What is wrong with the target is told at its field."""
    said = request.form
    words = [str(said.get("target") or ""), *(said.get("ports") or []), "from", str(said.get("place") or "local")]
    try:
        ours = parse_network(" ".join(words), services.ports)
        asked = parse_several(" ".join(words), services.ports, WORDS) if ours is None else ()
    except UserError as error:
        wrong = WrongFields(said)
        wrong.add("target", error)
        yield wrong.found
        return
    if ours is not None:
        async for step in _look(ours, request, services):
            yield step
        return
    if not asked:
        yield FormErrors({"target": "Type a host, such as mail.example.com."})
        return
    async for step in check(asked, request, services):
        yield step


async def check(
    asked: Sequence[Arguments], request: Request, services: Needs, *, replace: bool = False
) -> AsyncIterator[Step]:
    """The steps of a check, or the last result where the target must be left alone. `replace` edits the old answer.

    Of up to five targets, in one answer. Where nobody is at the place that was asked for, it is offered to check from
    here; the old answer stays.
    """
    several = len(asked) > 1
    checked = _several(asked, request, services) if several else _checked(asked[0], request, services)
    try:
        async for step in checked:
            told = _as_named(step, asked)
            yield _in_place(told) if replace else told
    except NotThereError as error:
        near = slip_of(asked[0].vantage.partition("/")[0], await services.places(request.channel))
        yield view.not_there(error.message, error.hint, typed(asked), near)


def _as_named(step: Step, asked: Sequence[Arguments]) -> Step:
    """With whether its ports are those of a person, whom a watch on it would follow, or the usual ones."""
    if not isinstance(step, Reply) or step.subject is None:
        return step
    every = not any(one.ports for one in asked)
    return dataclasses.replace(step, subject=dataclasses.replace(step.subject, every=every))


async def _several(asked: Sequence[Arguments], request: Request, services: Needs) -> AsyncIterator[Step]:
    """One answer for several targets; each counts, and each is a result of its own."""
    viewer, first = await services.viewer(), asked[0]
    if first.vantage == ALL:
        each = [f"{typed([one])} from all" for one in asked[: MOST_OFFERED - 1]]
        raise UserError(ONE_FROM_ALL, "Name one of them, or check them all from here.", [*each, typed(asked)])
    await services.checker(first.vantage, request.channel)  # nobody there is one answer, not one for each
    mind_the_asker(request.actor.user, services, len(asked))
    targets = {one.target.name: one for one in asked}

    async def check_one(name: str, heard: Heard) -> tuple[Document, str, str]:
        document, why_not = await document_of(targets[name], request, services, viewer, heard)
        steps = [step async for step in _elsewhere(document, targets[name], request, services, viewer)]
        return document, why_not, next((step for step in steps if isinstance(step, str)), "")

    again = " ".join([typed(asked), *(["from", first.vantage] if first.vantage != LOCAL else [])])
    public = "here" in first.flags

    def show(found: Found) -> Reply:
        made = several_view.result(list(targets), found, again, request.at, public=public)
        ages = [request.at - datetime.fromisoformat(one["started_at"]) for one in found.documents.values()]
        soon = [age for age in ages if "again" in first.flags and pauses_view.is_too_soon(age)]
        return _behind(pauses_view.not_again(min(soon)), made) if soon else made

    async for step in of_several(list(targets), check_one, show, public=public):
        yield step


ONE_FROM_ALL = "From all places one host is checked at a time."
MOST_OFFERED = 5


async def _checked(arguments: Arguments, request: Request, services: Needs) -> AsyncIterator[Step]:
    mind_the_asker(request.actor.user, services)
    viewer = await services.viewer()
    if arguments.vantage == ALL:
        async for step in _from_all(arguments, request, services, viewer):
            yield step
        return
    ports = arguments.ports or services.ports
    asked = Asked.of(arguments.target, ports, deep="deep" in arguments.flags, vantage=arguments.vantage)
    checker = await services.checker(asked.vantage, request.channel)
    known = await services.running.unless_one_runs(asked, lambda: known_result(arguments, request, services, viewer))
    if known is not None:
        yield _from_history(*known, arguments, request, services)
        return
    async for step in _together(asked, checker, arguments, request, services, viewer):
        yield step


async def _from_all(arguments: Arguments, request: Request, services: Needs, viewer: Viewer) -> AsyncIterator[Step]:
    """One answer for the checks from every place that is connected, this one among them."""

    async def check_from(vantage: str) -> Document:
        return (await document_of(dataclasses.replace(arguments, vantage=vantage), request, services, viewer))[0]

    places = (await services.places(request.channel))[:MOST_PLACES]
    if len(places) == 1:
        raise NotThereError("No other machine is connected.", "The check can be made from Portero's own.")
    again, public = f"{typed([arguments])} from {ALL}", "here" in arguments.flags
    deep = "deep" in arguments.flags
    async for step in from_all(arguments.target.name, places, check_from, typed=again, public=public, deep=deep):
        yield step


async def _elsewhere(
    document: Document, arguments: Arguments, request: Request, services: Needs, viewer: Viewer
) -> AsyncIterator[Progress | str]:
    """What another place says of doubtful ports, in a sentence at the end."""

    async def check_from(place: str, ports: Sequence[int]) -> Document:
        flags = arguments.flags - {"deep"}
        asked = dataclasses.replace(arguments, ports=tuple(ports), vantage=place, flags=flags)
        return (await document_of(asked, request, services, viewer, kept=False))[0]

    if doubtful_ports(document):
        async for more in as_seen_elsewhere(document, await services.places(request.channel), check_from):
            yield more


async def _together(
    asked: Asked, checker: Checker, arguments: Arguments, request: Request, services: Needs, viewer: Viewer
) -> AsyncIterator[Step]:
    """The steps of the check that runs, which is begun where none does."""
    ports, public = arguments.ports or services.ports, "here" in arguments.flags
    with joined_check(asked, checker, arguments, request, services) as (joined, told):
        async for step in view.progress_of(asked.name, ports, told, public=public):
            yield step
        document, why_not = await keep(joined, request, services)
    others = joined.others(request.actor.team, request.actor.user, viewer)
    beside = pauses_view.together(others, logged=not why_not) if others.all else ""
    elsewhere = ""
    async for more in _elsewhere(document, arguments, request, services, viewer):
        if isinstance(more, str):
            elsewhere = escape(more)
        else:
            yield dataclasses.replace(more, public=public)
    services.running.said_elsewhere.keep(document["id"], elsewhere)
    note = f"{why_not} {beside}".strip()
    alike = document["id"], public, f"{elsewhere} {note}"
    if alike not in joined.answers:
        joined.answers[alike] = view.result(document, logged=not why_not, public=public, note=note, elsewhere=elsewhere)
    near = await meant_by(document, services, viewer)
    yield offering(joined.answers[alike], near, arguments.ports) if near else joined.answers[alike]


def _from_history(last: Entry, rest: Rest | None, arguments: Arguments, request: Request, services: Needs) -> Reply:
    public, reader = "here" in arguments.flags, "" if "here" in arguments.flags else request.reader
    elsewhere = services.running.said_elsewhere.of(last.id)
    if rest is None and "again" in arguments.flags:
        first = pauses_view.last_not_again(last, request.at, reader)
        return _behind(first, view.result(last.document, logged=True, public=public, elsewhere=elsewhere))
    if rest is None:
        note = pauses_view.last(last, request.at, reader)
    else:
        note = pauses_view.rest(rest, request.at, [port for port in services.ports if port != rest.port])
    return view.result(last.document, logged=True, public=public, note=note, elsewhere=elsewhere)


def _behind(first: str, made: Reply) -> Reply:
    """The answer behind what has to be read before it."""
    return dataclasses.replace(made, text=f"{first}\n{made.text}", blocks=[section(first), *made.blocks])


COMMAND: Command[Needs] = Command(
    name="smtpcheck",
    summary="Check a host's SMTP ports: what answers, what is wrong, which to use.",
    usage="TARGET ... [PORT ...] [here] [deep] [again] [from PLACE]",
    examples=(
        Example("mail.example.com", "every port of a host"),
        Example("example.com 25", "port 25 of a domain's mail servers"),
        Example("mail.example.com deep", "also TLS versions and suites, late greetings; up to 20 connections"),
        Example("mail.example.com mx.example.com 25", "up to five hosts at once, in one table"),
        Example("compare mail.example.com mx.example.net", "two hosts: what differs, from their last results"),
        Example("network", "which ports our own network lets out"),
        Example("mail.example.com from all", "from every connected machine that checks for Portero, in one table"),
        Example("mail.example.com:587 here", "one port, answered in the channel"),
    ),
    handle=handle,
    actions={
        **opening.SHARING.actions,
        "check": Action(check_now),
        "run": Action(run_again),
        "deep": Action(run_again),
        "details": Action(opening.details, modal=True),
        "why": Action(why, modal=True),
        "aspect": Action(questions.aspect),
        "compare": Action(questions.compare),
        "ask": Action(ask, modal=True),
    },
    forms={"check": check_form, **opening.SHARING.forms},
    label=lambda text: f"Check {text}",
)
