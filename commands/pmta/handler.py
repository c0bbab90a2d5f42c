"""`/pmta`: a config from a paste, a form, a file or a message, checked and remembered (without its text)."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace

from commands.asking_rate import mind_the_asker
from commands.blocks import button
from commands.contract import Action, Attachment, Command, Example, FormErrors, Progress, Request, Step, Subject
from commands.help_card import HELP, help_card
from commands.pmta import buttons, forms, view
from commands.pmta.buttons import RECENT, manual_of
from commands.pmta.checking import Order, Studied
from commands.pmta.explain import explain
from commands.pmta.introduced import is_introduction
from commands.pmta.language.config import VERSIONS
from commands.pmta.masking import masked_name
from commands.pmta.needs import Needs
from commands.pmta.paste import Message
from commands.pmta.questions import DIFF, Question
from commands.pmta.reading import Together
from commands.pmta.reports import Checked, document, entry
from commands.slack_text import undo
from commands.words import nearest
from storage.history import StorageError

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds after which the asker reads that a check is waited for: nearly all take less than one."""

ABOUT = "Alone it opens a form, which also takes a file. Passwords are covered before anything is shown or kept."


async def handle(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Check what was pasted behind the command; `explain NAME` shows a manual; nothing opens the form."""
    page = None if request.attachments else _page(request.text.strip())
    if page:
        yield page
        return
    async for step in _checked(_order(request, services, request.text), request, services):
        yield step


def _page(text: str) -> Step | None:
    """The form, the help or a manual; None for a config."""
    if _opens_form(text):
        return forms.form()
    if text.lower() in HELP:
        return help_card(COMMAND, ABOUT, button("Validate a config", "pmta.form"))
    name = _explained(text)
    return view.explained(manual_of(name)) if name is not None else None


def _opens_form(text: str) -> bool:
    """Nothing, or that a config follows, and none does."""
    return not text.strip() or is_introduction(text)


def _explained(text: str) -> str | None:
    """What `explain NAME` asks about, also misspelt; also `what is NAME`, and a name alone. None for a config."""
    if asked := _WHAT_IS.fullmatch(text):
        return asked[1] if explain(asked[1]) is not None else None
    verb, *rest = text.split(None, 1)
    name = undo(rest[0]).strip() if rest else ""
    if verb.lower() == EXPLAIN:
        return name
    if not rest:
        return verb if _RULE.fullmatch(verb) or ("-" in verb and explain(verb) is not None) else None
    is_meant = _LIKE_EXPLAIN.fullmatch(verb) and nearest(verb, (EXPLAIN,)) and explain(name) is not None
    return name if is_meant else None


EXPLAIN = "explain"
_WHAT_IS = re.compile(
    r"(?:what(?:'s| is| does)|qu[eé] (?:es|hace)) ([\w-]{3,60})(?: do| mean)?\s*[?¿.!]*", re.IGNORECASE
)
_LIKE_EXPLAIN = re.compile(r"[a-z]{5,9}:?", re.IGNORECASE)
_RULE = re.compile(r"`?pmta\d{3}`?[?!.]*", re.IGNORECASE)


async def check_form(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The submitted form."""
    typed = str(request.form.get("config") or "")
    if not typed.strip() and not request.attachments:
        yield FormErrors({"config": "Paste a config here, or choose a file below."})
        return
    version = str(request.form.get("version") or "5.0")
    if str(request.form.get("part")) == DIFF:
        typed = DIFF
    part = {"part": True, "whole": False}.get(str(request.form.get("part") or ""))
    known = version if version in VERSIONS else "5.0"
    order = replace(_order(request, services, typed), version=known, fragment=part)
    async for step in _checked(order, request, services):
        yield step


async def check_message(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The shortcut on a message: its file, or else its text."""
    async for step in _checked(_order(request, services, request.text, "the message"), request, services):
        yield step


def _order(request: Request, services: Needs, text: str, name: str = "the paste") -> Order:
    """The files that came along, or else the text. `diff` with two files asks what is different."""
    files = request.attachments
    if len(files) > 1:
        question = Question(DIFF) if text.strip().lower() == DIFF else None
        return Order(Together(files), keep=services.keep_configs, question=question)
    return Order(files[0] if files else Message(text, name), keep=services.keep_configs)


async def _checked(order: Order, request: Request, services: Needs) -> AsyncIterator[Step]:
    mind_the_asker(request.actor.user, services)
    async for made in _made(order, services):
        if isinstance(made, Progress):
            yield made
        elif order.question:
            yield view.told("What is different", made.told)
        else:
            yield await _answer(made, order, request, services)


async def _made(order: Order, services: Needs) -> AsyncIterator[Progress | Studied]:
    turn = services.checks.submit(order)
    try:
        if turn.before:
            others = f"{turn.before} other config" + "s" * (turn.before > 1)
            yield Progress(f":hourglass_flowing_sand: Waiting for {others} …")
        else:
            await asyncio.wait({turn.answer}, timeout=PATIENCE)
            if not turn.answer.done():
                yield Progress(":hourglass_flowing_sand: Waiting for the check, or for those before it …")
        yield await turn.answer
    finally:
        turn.answer.cancel()


async def _answer(made: Studied, order: Order, request: Request, services: Needs) -> Step:
    id, name = services.new_id(), _name(order)  # noqa: A001 - the name that history uses
    RECENT.keep(id, Checked(made, name, request.actor.user, request.at))
    stored = document(made.report, id, name)
    if made.kept:
        stored["config"] = made.kept
    logged = await _keep(services, request, stored)
    known = await services.sources(request.channel) if made.claims.source_hosts else {}
    answer = view.answer(
        made.report,
        id,
        terminal=request.surface == "terminal",
        logged=logged,
        fixable=made.is_fixable,
        name=name,
        live=made.is_checkable,
        queues=bool(made.covered),
        relays=bool(made.claims.relays or made.claims.listeners),
        sources=any(one.address in known for one in made.claims.source_hosts),
    )
    return replace(answer, subject=Subject("pmta", entry=id if logged else ""))


def _name(order: Order) -> str:
    """What the config is called wherever it is shown. The name of a file is its owner's and may hold a secret."""
    given = order.given
    return masked_name(given.name) if isinstance(given, Attachment) else given.name


async def _keep(services: Needs, request: Request, found: dict[str, object]) -> bool:
    """Write the findings to history; the answer is never lost because the disk is full."""
    try:
        await services.history.add(entry(found, request))
    except StorageError:
        log.exception("report %s could not be written to history", found["id"])
        return False
    return True


COMMAND: Command[Needs] = Command(
    name="pmta",
    summary="Check a PowerMTA config: what is wrong, and what to write instead.",
    usage="[CONFIG | explain RULE-OR-SETTING]",
    examples=(
        Example(
            "<source 0/0> always-allow-relaying yes </source>", "check a stanza, also one that lost its line breaks"
        ),
        Example("smtp-listener 0/0:465", "check a line"),
        Example("explain PMTA401", "the manual of a rule"),
        Example("explain retry-after", "what a setting takes, where it stands, its default"),
    ),
    handle=handle,
    actions={
        "fixed": Action(buttons.show_fixed),
        "live": Action(buttons.check_dns),
        "details": Action(buttons.show_details),
        **buttons.SHARING.actions,
        "open": Action(buttons.open_stored, modal=True),
        "queue": Action(buttons.ask_for_queue, modal=True),
        "applies": Action(buttons.say_queue),
        "relays": Action(buttons.offer_relays),
        "sources": Action(buttons.offer_sources),
        "form": Action(buttons.open_form, modal=True),
        "explain": Action(buttons.show_manual, modal=True),
    },
    forms={"check": check_form, "queue": buttons.show_queue, **buttons.SHARING.forms},
    shortcuts={"pmta_validate": check_message},
    wants_modal=_opens_form,
    label=lambda text: f"Explain {text[8:]}" if text.startswith("explain ") else "Check it",
)
