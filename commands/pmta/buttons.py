"""What the buttons below an answer of `/pmta` do, and the texts in memory that they need."""

from collections.abc import AsyncIterator
from dataclasses import replace

from commands.asking_rate import mind_the_asker
from commands.contract import DeclinedError, FormErrors, Progress, Reply, Request, Step, UserError
from commands.pmta import forms, live_view, view
from commands.pmta.checking import Order, asking, mending, unpacked
from commands.pmta.explain import explain, suggestions
from commands.pmta.facts import Facts
from commands.pmta.live import World, examine
from commands.pmta.masking import asked
from commands.pmta.needs import Needs
from commands.pmta.paste import Pasted
from commands.pmta.questions import SHOW, Question
from commands.pmta.reports import Checked, Recent, report_of
from commands.sharing import Sharing, stored
from commands.slack_text import quoted
from storage.history import Entry

KIND = "pmta"
NOTHING_LEFT = "What could be mended stands where secrets are covered."
GONE = "The text of this config is gone: it stays in memory for an hour at most, covered, and is not stored."
OF_ANOTHER = "The text of a config is there for whoever sent it, and for nobody else."
RECENT = Recent()


async def show_fixed(request: Request, services: Needs) -> AsyncIterator[Step]:
    found = await _needed(request, services)
    made = found.studied
    if made.unmended:
        yield Progress(":hourglass_flowing_sand: Mending …")
        made = await services.checks.submit(mending(made, found.name)).answer
    if not made.packed:
        raise UserError(NOTHING_LEFT, "Mend them by hand: the report says how.")
    yield view.fixed(unpacked(made.packed), made.changed, found.name)


async def check_dns(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: hold the config against DNS. Nothing is asked before it is pressed."""
    found = await _needed(request, services)
    mind_the_asker(request.actor.user, services)
    yield Progress(":hourglass_flowing_sand: Asking DNS …")
    yield live_view.reply(await examine(found.studied.claims, World(services.lookups, services.ports)))


async def ask_for_queue(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: which domain, and which VirtualMTA."""
    await _needed(request, services)
    yield forms.queue_form(request.value)


async def show_queue(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The form: what applies to a queue of the config, which lies in memory with its secrets covered."""
    domain, mta = (str(request.form.get(name) or "").strip() for name in ("domain", "mta"))
    if not domain and not mta:
        yield FormErrors({"domain": "Name a domain, a VirtualMTA, or both."})
        return
    yield await _applying(request.private, f"{domain}/{mta}" if domain and mta else domain or mta, request, services)


async def say_queue(request: Request, services: Needs) -> AsyncIterator[Step]:
    """What somebody writes below an answer: its id, and the queue."""
    id, _, queue = request.value.partition(" ")  # noqa: A001 - the name that history uses
    yield await _applying(id, queue, request, services)


async def _applying(id: str, queue: str, request: Request, services: Needs) -> Reply:  # noqa: A002 - as above
    found = await _needed(replace(request, value=id), services)
    made = await services.checks.submit(asking(found.studied, found.name, Question(SHOW, queue))).answer
    return view.told("What applies", made.told)


async def offer_relays(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: a button of /smtpcheck for each relay and listener that the config names."""
    claims = (await _needed(request, services)).studied.claims
    yield view.relays(claims.relays, claims.listeners, claims.origin, services.ports)


async def offer_sources(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button: each address that mail is sent from, as the machine that has it sees it, and what checks from it."""
    claims = (await _needed(request, services)).studied.claims
    known = await services.sources(request.channel)
    named = {one.address: one for one in claims.source_hosts if one.address in known}
    yield Progress(":hourglass_flowing_sand: Asking DNS …")
    facts = Facts(tuple(named.values())[: live_view.SOURCES], (), (), (), origin=claims.origin)
    report = await examine(facts, World(services.lookups, services.ports))
    yield live_view.sources(named, known, report)


async def show_details(request: Request, services: Needs) -> AsyncIterator[Step]:
    found = await _recent(request, services)
    report = found.studied.report if found else report_of((await stored(services, request.value, KIND)).document)
    yield view.details(report, found.name if found else "pmta")


def _shared(kept: Entry, request: Request, _services: Needs) -> Reply:
    return view.shared(report_of(kept.document), kept, request)


SHARING: Sharing[Needs] = Sharing("pmta", (KIND,), _shared)
"""The private answer cannot be made anew: it quotes the config, which is not stored."""


async def open_stored(request: Request, services: Needs) -> AsyncIterator[Step]:
    """The button in the history: the stored report in a dialogue. It has no lines: configs are not kept."""
    kept = await stored(services, request.value, KIND)
    yield view.opened(report_of(kept.document), kept, request.actor)


async def open_form(request: Request, services: Needs) -> AsyncIterator[Step]:  # noqa: ARG001 - the shape of a handler
    """The button in Home."""
    yield forms.form()


async def show_manual(request: Request, services: Needs) -> AsyncIterator[Step]:  # noqa: ARG001 - the shape of a handler
    yield view.manual(request.value, manual_of(request.value))


def manual_of(name: str) -> str:
    """The manual of a rule or setting. Raises UserError for a name that is no rule, setting or tag."""
    found = (explain(name) or explain("-".join(name.split()))) if name else None
    if found is not None:
        return found
    near = suggestions(name) if name else ()
    meant = " or ".join(f"`{one}`" for one in near)
    hint = f"Did you mean {meant}?" if near else "Name a rule (`PMTA204`), a setting (`retry-after`) or a `<tag>`."
    called = f"`{quoted(word)}`" if (word := asked(name)) else "that"
    said = f"I know nothing called {called}." if name else "Explain what?"
    raise UserError(said, hint, [f"explain {one}" for one in near])


async def _needed(request: Request, services: Needs) -> Checked:
    """The config behind a button. Raises UserError when it is gone: texts are not stored unless a setting asks."""
    found = await _recent(request, services)
    if found is None and RECENT.get(request.value, request.at):
        raise DeclinedError(OF_ANOTHER, "Send the config yourself, with /pmta.")
    if found is None:
        raise UserError(GONE, "Send the config again with /pmta; the buttons below the new answer work.")
    return found


async def _recent(request: Request, services: Needs) -> Checked | None:
    """What is still in memory, for whoever asked for it alone: it quotes the config. Else what the history was told to

    keep, for those who may see it.
    """
    found = RECENT.get(request.value, request.at)
    if found and found.owner == request.actor.user:
        return found
    kept = await services.history.get(request.value, await services.viewer())
    text = kept.document.get("config") if kept and kept.kind == KIND else None
    if kept is None or not text:
        return None
    made = await services.checks.submit(Order(Pasted(text, kept.target))).answer  # the history kept it, masked
    return Checked(made, kept.target, request.actor.user, request.at)
