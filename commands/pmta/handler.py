"""`/pmta`: a config from a paste, a form, a file or a message, checked and remembered (without its text)."""

import asyncio
import logging
from collections.abc import AsyncIterator

from commands.contract import Action, Command, Example, FormErrors, Request, Step
from commands.help_card import HELP, help_card
from commands.pmta import buttons, view
from commands.pmta.buttons import RECENT, checked_of, manual_of
from commands.pmta.checking import is_fixable, studied
from commands.pmta.config import VERSIONS
from commands.pmta.needs import Needs
from commands.pmta.paste import Pasted, from_file, from_message
from commands.pmta.record import document, entry
from commands.sharing import FORM
from commands.slack_text import undo
from storage.interface import StorageError

log = logging.getLogger(__name__)

ABOUT = "Alone it opens a form, which also takes a file. Passwords are covered before anything is shown or kept."


async def handle(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Check what was pasted behind the command; `explain NAME` shows a manual; nothing opens the form."""
    text = request.text.strip()
    if request.attachments:
        yield await _check(from_file(request.attachments[0]), request, services)
    elif not text:
        yield view.form()
    elif text.lower() in HELP:
        yield help_card(COMMAND, ABOUT)
    elif text.lower().split(None, 1)[0] == "explain":
        yield view.explained(manual_of(undo(text[7:]).strip()))
    else:
        yield await _check(from_message(request.text), request, services)


async def check_form(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The submitted form."""
    typed = str(request.form.get("config") or "")
    if not typed.strip() and not request.attachments:
        yield FormErrors({"config": "Paste a config here, or choose a file below."})
        return
    pasted = from_file(request.attachments[0]) if request.attachments else from_message(typed)
    version = str(request.form.get("version") or "5.0")
    part = {"part": True, "whole": False}.get(str(request.form.get("part") or ""))
    known = version if version in VERSIONS else "5.0"
    yield await _check(pasted, request, services, version=known, fragment=part)


async def check_message(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The shortcut on a message: its file, or else its text."""
    pasted = from_file(request.attachments[0]) if request.attachments else from_message(request.text, "the message")
    yield await _check(pasted, request, services)


async def _check(
    pasted: Pasted, request: Request, services: Needs, *, version: str = "5.0", fragment: bool | None = None
) -> Step:
    made = await asyncio.to_thread(studied, pasted, version, fragment, keep=services.keep_configs)
    id = services.new_id()  # noqa: A001 - the name that history uses
    RECENT.keep(id, checked_of(made, pasted.name, request))
    stored = document(made.report, id, pasted.name)
    if made.kept:
        stored["config"] = made.kept
    logged = await _keep(services, request, stored)
    return view.answer(
        made.report,
        id,
        terminal=request.surface == "terminal",
        logged=logged,
        fixable=is_fixable(made.report),
        name=pasted.name,
        live=made.is_checkable,
    )


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
        "share": Action(buttons.share),
        "open": Action(buttons.open_stored, modal=True),
        "form": Action(buttons.open_form, modal=True),
        "explain": Action(buttons.show_manual, modal=True),
    },
    forms={"check": check_form, FORM: buttons.share_there},
    shortcuts={"pmta_validate": check_message},
    wants_modal=lambda text: not text.strip(),
)
