"""Answers to questions about one thing of checks, and two hosts side by side. mrkdwn."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from commands.blocks import Block, actions, button, context, section, table
from commands.contract import Modal, Reply
from commands.slack_text import escape
from commands.smtpcheck.questions.differences import Line, side_by_side
from commands.smtpcheck.questions.wording import SAY_ALL, UNKNOWN, WELL, WRONG, findings_of, said_of
from commands.smtpcheck.result.document import Document
from commands.smtpcheck.several.view import Found, subject_of
from commands.smtpcheck.view.details import why as why_of
from commands.smtpcheck.view.message import GOOD
from commands.smtpcheck.view.parts import findings_block, headline, sentences
from commands.smtpcheck.view.pauses import as_seen

ICONS: Mapping[int, str] = {WELL: ":white_check_mark:", UNKNOWN: ":grey_question:", WRONG: ":warning:"}
FINDINGS_SHOWN = 3


def aspect(name: str, names: Sequence[str], found: Found, typed: str, at: datetime, *, public: bool) -> Reply:
    """What was asked for comes first, the worst before the rest; then what was found of it, and how the host is."""
    documents = {one: found.documents[one] for one in names if one in found.documents}
    said = sorted((line for document in documents.values() for line in said_of(name, document)), key=_worst)
    told = [f"{ICONS[line.worth]} {_named(line.words, documents)}" for line in said]
    told += [f":grey_question: {escape(error.message)}" for error in found.declined.values()]
    findings = [one for document in documents.values() for one in findings_of(name, document)]
    findings = [one for one in findings if one["code"] not in SAY_ALL][:FINDINGS_SHOWN]
    below = [_with_age(document, at) for document in documents.values()]
    blocks: list[Block] = [
        section("\n".join(told)),
        *([findings_block(findings)] if findings else []),
        *(context(line) for line in below),
        actions(*_details(documents, found), button("Run again", "smtpcheck.run", typed)),
    ]
    text = "\n".join(filter(None, [*told, sentences(findings), *below]))
    good = not found.declined and all(line.worth == WELL for line in said)
    about = subject_of(names, [dict(one) for one in documents.values()])
    return Reply(text, blocks, public=public, good=good, subject=about)


def _worst(line: Any) -> int:
    return -int(line.worth)


def _named(words: str, documents: Mapping[str, Document]) -> str:
    """With the host in bold."""
    said = escape(words)
    host = next((escape(name) for name in documents if escape(name) in said), "")
    return said.replace(host, f"*{host}*", 1) if host else said


def _with_age(document: Document, at: datetime) -> str:
    return f"{headline(dict(document))} {as_seen(document, at)}".strip()


def _details(documents: Mapping[str, Document], found: Found) -> list[Block]:
    kept = {name: one for name, one in documents.items() if not found.why_not_kept.get(name)}
    label = "Details" if len(kept) == 1 else "Details: {}"
    return [button(label.format(name), "smtpcheck.details", one["id"]) for name, one in kept.items()]


def comparison(
    names: Sequence[str], found: Found, typed: str, at: datetime, *, ports: Sequence[int] = (), public: bool = False
) -> Reply:
    """What differs, in a table; what is equal, in a line. `ports` are those that were named."""
    missing = [found.declined[name].message for name in names if name in found.declined]
    if missing:
        said = "\n".join([f":grey_question: {escape(one)}" for one in missing])
        return Reply(said, [section(said), actions(button("Compare again", "smtpcheck.compare", typed))], good=False)
    one, other = (found.documents[name] for name in names)
    lines = side_by_side(one, other, ports)
    different = [line for line in lines if line.differs]
    equal = [_short(line) for line in lines if not line.differs]
    first, second = (f"*{escape(name)}*" for name in names)
    head = f"{first} and {second}: {_count(different)}"
    same = f"Equal: {escape('; '.join(equal))}." if equal else ""
    seen = " ".join(f"{name}: {age[0].lower()}{age[1:]}" for name, age in _ages(names, found, at))
    blocks: list[Block] = [
        section(head),
        *([table([["Differs", *names], *map(list, different)])] if different else []),
        *(context(line) for line in (same, escape(seen)) if line),
        actions(*_details(dict(zip(names, (one, other), strict=True)), found), _again(typed)),
    ]
    rows = [escape(f"{line.what}: {line.one} / {line.other}") for line in different]
    text = "\n".join(filter(None, [head, *rows, same, escape(seen)]))
    good = all(document["verdict"] in GOOD for document in (one, other))
    about = subject_of(names, [dict(one), dict(other)])
    facts = [{"what": line.what, "one": line.one, "other": line.other} for line in different]
    return Reply(text, blocks, public=public, good=good, subject=about, facts=facts)


def _short(line: Line) -> str:
    what = f"port {line.what}" if line.what.isdecimal() else line.what
    return f"{what} ({line.one})"


def _again(typed: str) -> Block:
    return button("Check both and compare again", "smtpcheck.compare", f"{typed} again")


def _count(different: Sequence[Line]) -> str:
    return f"{len(different)} things differ." if len(different) > 1 else ONE_OR_NONE[len(different)]


ONE_OR_NONE = ("nothing that matters differs.", "one thing differs.")


def _ages(names: Sequence[str], found: Found, at: datetime) -> list[tuple[str, str]]:
    ages = [(name, as_seen(found.documents[name], at)) for name in names]
    return [(name, age) for name, age in ages if age]


def why(names: Sequence[str], found: Found) -> Modal:
    """What the verdict of each rests on."""
    shown = [why_of(dict(found.documents[name])) for name in names if name in found.documents]
    blocks = [block for modal in shown for block in modal.blocks]
    blocks += [section(f":grey_question: {escape(error.message)}") for error in found.declined.values()]
    return replace(shown[0], blocks=blocks[:100]) if shown else Modal("Why", blocks)
