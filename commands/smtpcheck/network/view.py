"""A look at our own network as people see it, from the stored document: in Slack, and its lines in a terminal."""

from collections.abc import Mapping, Sequence

from commands import sharing
from commands.blocks import Block, actions, button, context, section, table
from commands.contract import Actor, Modal, Reply, Request, Subject
from commands.slack_text import escape
from commands.smtpcheck.network.probe import OutgoingState
from commands.smtpcheck.result.sentences.choice import summary_of
from commands.smtpcheck.stored.document import Document
from commands.smtpcheck.view.message import NOT_LOGGED
from commands.smtpcheck.view.parts import VERDICT_ICONS, when
from storage.entries import LOCAL
from storage.history import Entry

HEAD = ("Port", "Outgoing", "Control hosts")
RUN = "smtpcheck.run"
GOOD = frozenset({OutgoingState.OPEN, OutgoingState.UNCLEAR, OutgoingState.UNKNOWN})


STATES: Mapping[str, str] = {
    OutgoingState.OPEN: "open",
    OutgoingState.INTERCEPTED: "another answers (likely on our side)",
    OutgoingState.BLOCKED: "blocked on our side (likely)",
    OutgoingState.UNCLEAR: "unclear: some control hosts answer, some do not",
    OutgoingState.MUTE: "unclear: connections stand, and nobody speaks",
    OutgoingState.MISLED: "unknown: the control hosts all have one address here (DNS)",
    OutgoingState.UNKNOWN: "unknown: fewer than two control hosts could be tried",
}


def rows(document: Document) -> list[tuple[str, str, str]]:
    """The lines below `HEAD`."""
    return [
        (str(port["port"]), STATES.get(port["state"], port["state"]), _controls(port) or "none set")
        for port in document["ports"]
    ]


LET_OUT: Mapping[str, str] = {
    OutgoingState.OPEN: "out",
    OutgoingState.UNCLEAR: "out",
    OutgoingState.BLOCKED: "blocked",
    OutgoingState.INTERCEPTED: "answered by another",
    OutgoingState.UNKNOWN: "not known",
    OutgoingState.MUTE: "not known",
    OutgoingState.MISLED: "not known",
}


def let_out(document: Document, ports: Sequence[int]) -> str:
    """What was let out when that was looked at, of these ports: `25, 465, 587 out; 2525 not known`. Plain text."""
    states = {port["port"]: port["state"] for port in document["ports"]}
    found: dict[str, list[str]] = {words: [] for words in LET_OUT.values()}
    for port in sorted({*ports, *states}):
        found[LET_OUT.get(states.get(port, ""), LET_OUT[OutgoingState.UNKNOWN])].append(str(port))
    return "; ".join(f"{', '.join(ports)} {words}" for words, ports in found.items() if ports)


def is_good(document: Document) -> bool:
    """Nothing is seen to stand in the way."""
    return all(port["state"] in GOOD for port in document["ports"])


def again(document: Document) -> str:
    """What to type to look once more."""
    place = [] if document["vantage"] == LOCAL else ["from", document["vantage"]]
    return " ".join(["network", *(str(port["port"]) for port in document["ports"]), *place])


def result(document: Document, *, logged: bool, public: bool = False, note: str = "", elsewhere: str = "") -> Reply:
    """The answer to the one who asked; `note` says how old it is where it is not new.

    `elsewhere` is what another place says of it.
    """
    buttons = [button("Run again", RUN, again(document))]
    buttons += [button("Details", "smtpcheck.details", document["id"])] if logged else []
    buttons = [sharing.share_button("smtpcheck", document["id"]), *buttons] if logged and not public else buttons
    notes = context("  ".join(filter(None, (when(document), note, "Logged." if logged else NOT_LOGGED))))
    text = "\n".join(filter(None, (plain_text(document), escape(elsewhere), note, "" if logged else NOT_LOGGED)))
    head, *body = _body(document)
    blocks = [head, *([section(escape(elsewhere))] if elsewhere else []), *body, notes, actions(*buttons)]
    about = Subject("smtpcheck", ("network",), entry=document["id"] if logged else "")
    return Reply(text, blocks, public=public, good=is_good(document), subject=about)


def shared(entry: Entry, request: Request) -> Reply:
    """The stored result for the whole channel, with who shared it."""
    document = entry.document
    buttons = actions(button("Run again", RUN, again(document)), button("Details", "smtpcheck.details", document["id"]))
    body = [*_body(document), context(when(document))]
    return sharing.shared(plain_text(document), body, entry, request, buttons)


def details(entry: Entry, actor: Actor) -> Modal:
    """How each control host answered, and after how long."""
    document = entry.document
    check = button("Check now", "smtpcheck.check", again(document))
    buttons = sharing.stored_buttons("smtpcheck", entry.id, actor, entry.actor, check)
    tried = [context(f"*{port['port']}* {escape(_at_length(port))}") for port in document["ports"]]
    return Modal(title="Our network", blocks=[_headline(document), context(when(document)), buttons, *tried])


def plain_text(document: Document) -> str:
    """The whole answer without blocks. mrkdwn."""
    lines = [f"{port}: {state} ({hosts})" for port, state, hosts in rows(document)]
    return "\n".join(map(escape, [summary_of(document), *lines]))


def _body(document: Document) -> list[Block]:
    lines = rows(document)
    told = {hosts for _, _, hosts in lines}
    if len(lines) > len(told) == 1:  # once above the table, which then fits a telephone
        return [_headline(document), context(escape(f"On each: {lines[0][2]}.")), table(_narrow([HEAD, *lines]))]
    return [_headline(document), table([HEAD, *lines])]


def _narrow(lines: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(port, state) for port, state, _ in lines]


def _headline(document: Document) -> Block:
    return section(f"{VERDICT_ICONS[document['verdict']]} {escape(summary_of(document))}")


def _controls(port: Document) -> str:
    listed = "; ".join(f"{each['host']} {each['outcome'].replace('_', ' ')}" for each in port["controls"])
    return f"{listed}; greeted as {port['by']}" if port["by"] else listed


def _at_length(port: Document) -> str:
    lines = [
        f"{it['host']} {it['outcome'].replace('_', ' ')} after {it['elapsed_ms']:.0f} ms" for it in port["controls"]
    ]
    return f"{STATES.get(port['state'], port['state'])}: {'; '.join(lines) or 'none set'}"
