"""`/pmta`: a config from a paste, a form, a file or a message, checked and remembered (without its text)."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from typing import Protocol

from commands.contract import Action, Command, Example, FormErrors, Progress, Request, Step, UserError
from commands.pmta import live_view, view
from commands.pmta.checking import Studied, is_fixable, studied
from commands.pmta.config import VERSIONS
from commands.pmta.explain import explain, suggestions
from commands.pmta.live import World, examine
from commands.pmta.masking import masked
from commands.pmta.paste import Pasted, from_file, from_message
from commands.pmta.recent import Checked, Recent
from commands.pmta.record import document, entry, report_of
from commands.pmta.world import Lookups
from commands.sharing import FORM, channel_form, lacks_channel, stored
from commands.slack_text import clean, undo
from storage.interface import History, StorageError

log = logging.getLogger(__name__)

KIND = "pmta"
GONE = "The text of this config is gone: it stays in memory for an hour at most, covered, and is not stored."
RECENT = Recent()


class Needs(Protocol):
    """What `/pmta` needs of the application."""

    @property
    def history(self) -> History: ...

    @property
    def lookups(self) -> Lookups: ...

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that /smtpcheck may probe."""

    @property
    def keep_configs(self) -> bool:
        """Whether the text of a config is stored with its report: masked, and only when somebody wants it."""

    def new_id(self) -> str:
        """A fresh id for a result."""


async def handle(request: Request, services: Needs) -> AsyncIterator[Step]:
    """Check what was pasted behind the command; `explain NAME` shows a manual; nothing opens the form."""
    text = request.text.strip()
    if request.attachments:
        yield await _check(from_file(request.attachments[0]), request, services)
    elif not text:
        yield view.form()
    elif text.lower().split(None, 1)[0] == "explain":
        yield view.explained(_manual(undo(text[7:]).strip()))
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


async def show_fixed(request: Request, services: Needs) -> AsyncIterator[Step]:
    found = await _needed(request, services)
    yield view.fixed(found.fixed, found.changed, found.name)


async def check_dns(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: hold the config against DNS. Nothing is asked before it is pressed."""
    found = await _needed(request, services)
    yield Progress(":hourglass_flowing_sand: Asking DNS …")
    yield live_view.reply(await examine(found.claims, World(services.lookups, services.ports)))


async def show_details(request: Request, services: Needs) -> AsyncIterator[Step]:
    found = await _recent(request, services)
    report = found.report if found else report_of((await stored(services.history, request.value, KIND)).document)
    yield view.details(report, found.name if found else "pmta")


async def share(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: post the stored report to the channel, with who shared it."""
    kept = await stored(services.history, request.value, KIND)
    yield channel_form(kept.id) if lacks_channel(request) else view.shared(report_of(kept.document), kept, request)


async def share_there(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The form that asked for a channel."""
    kept = await stored(services.history, request.private, KIND)
    yield view.shared(report_of(kept.document), kept, request)


async def open_stored(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button in the history: the stored report in a dialogue. It has no lines: configs are not kept."""
    kept = await stored(services.history, request.value, KIND)
    yield view.opened(report_of(kept.document), kept, request.actor)


async def open_form(request: Request, services: Needs) -> AsyncIterator[Step]:  # noqa: ARG001 - the shape of a handler
    """The button in Home."""
    yield view.form()


async def show_manual(request: Request, services: Needs) -> AsyncIterator[Step]:  # noqa: ARG001 - the shape of a handler
    yield view.manual(request.value, _manual(request.value))


def _manual(name: str) -> str:
    """Raises UserError for a name that is no rule, setting or tag."""
    found = explain(name) if name else None
    if found is not None:
        return found
    near = suggestions(name) if name else ()
    hint = (
        f"Did you mean {' or '.join(near)}?" if near else "Name a rule (PMTA204), a setting (retry-after) or a <tag>."
    )
    raise UserError(f"I know nothing called {clean(masked(name), 60)}." if name else "Explain what?", hint)


async def _needed(request: Request, services: Needs) -> Checked:
    """The config behind a button. Raises UserError when it is gone: texts are not stored unless a setting asks."""
    found = await _recent(request, services)
    if found is None:
        raise UserError(GONE, "Send the config again with /pmta; the buttons below the new answer work.")
    return found


async def _recent(request: Request, services: Needs) -> Checked | None:
    """What is still in memory, for whoever asked for it and for those who may see it in the history; else what the

    history was told to keep.
    """
    found = RECENT.get(request.value, request.at)
    if found and found.owner == request.actor.user:
        return found
    kept = await services.history.get(request.value)
    if kept is None or kept.kind != KIND or found:
        return found if kept else None
    text = kept.document.get("config")
    return await _again(Pasted(text, kept.target), request) if text else None


async def _again(pasted: Pasted, request: Request) -> Checked:
    """A config that the history kept, masked."""
    made = await asyncio.to_thread(studied, pasted, "5.0", None, keep=False)
    return _checked(made, pasted.name, request)


def _checked(made: Studied, name: str, request: Request) -> Checked:
    return Checked(made.report, made.fixed, made.changed, name, request.actor.user, made.claims, request.at)


async def _check(
    pasted: Pasted, request: Request, services: Needs, *, version: str = "5.0", fragment: bool | None = None
) -> Step:
    made = await asyncio.to_thread(studied, pasted, version, fragment, keep=services.keep_configs)
    id = services.new_id()  # noqa: A001 - the name that history uses
    RECENT.keep(id, _checked(made, pasted.name, request))
    digest = hashlib.sha256(pasted.text.encode("utf-8", "replace")).hexdigest()
    stored = document(made.report, id, digest, pasted.name)
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
        "fixed": Action(show_fixed),
        "live": Action(check_dns),
        "details": Action(show_details),
        "share": Action(share),
        "open": Action(open_stored, modal=True),
        "form": Action(open_form, modal=True),
        "explain": Action(show_manual, modal=True),
    },
    forms={"check": check_form, FORM: share_there},
    shortcuts={"pmta_validate": check_message},
    wants_modal=lambda text: not text.strip(),
)
