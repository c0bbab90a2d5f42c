"""How the settings of a queue look: as text and as JSON (`portero.pmta.queue/1`). Secrets are covered."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from commands.pmta.configuration.origin import Origin
from commands.pmta.language.tree import Block, Statement
from commands.pmta.queues.answer import Answer, Applied
from commands.pmta.queues.effective import Setting
from commands.secrets.masking import LEAST, STARS, Mask

SCHEMA = "portero.pmta.queue/1"
NAMED = 8
"""VirtualMTAs that are named."""
LONG = 6
"""Characters of a part of a secret that is looked for by itself."""
_MORE = r"[ \t]+[^\s>]+[ \t]+[^\s>][^>\n]*"
_MORE_THAN_A_NAME = (re.compile(rf"<[\w-]+{_MORE}"), re.compile(rf"\bqueue-to{_MORE}", re.IGNORECASE))
"""Two, since one that begins with `<` is found many times as fast as either of two beginnings."""
_PART = re.compile(r"[^\s/,.:;<>]+")
NOT_DOCUMENTED = "not documented which of these holds"


class Words:
    """The statements of one config as they may be shown; `mask` knows its secrets."""

    def __init__(self, text: str, origin: Origin, mask: Mask) -> None:
        self.text = text
        self.origin = origin
        self.mask = mask

    def value(self, one: Statement) -> str:
        """What stands behind the name; of a list that goes on in the next lines, all of it."""
        stop = one.value_at + len(one.value)
        if self.text[one.value_at : stop] == one.value:
            return self.mask.shown(one.value_at, stop)
        return self.mask.about(
            type(self.mask)(f"{one.name} {one.value}\n").shown(len(one.name) + 1, len(one.name) + len(one.value) + 1)
        )

    def name(self, said: str) -> str:
        """Names that became lower case on their way here, without secrets in that form either."""
        return _PART.sub(lambda part: STARS if part[0].lower() in self._secrets else part[0], self.mask.about(said))

    @cached_property
    def _secrets(self) -> frozenset[str]:
        whole = {self.text[start:stop].strip("\"'").lower() for start, stop in self.mask.spans}
        pieces = {piece for one in whole for piece in _PART.findall(one) if len(piece) >= LONG}
        patterns = _MORE_THAN_A_NAME if "queue-to" in self.text.lower() else _MORE_THAN_A_NAME[:1]
        behind = (self.mask.hidden(*found.span()) for one in patterns for found in one.finditer(self.text))
        hidden = (self.text[start:stop].lower() for spans in behind for start, stop in spans)
        words = {word.strip("\"'") for one in hidden for word in one.split()}
        return frozenset({one for one in (*whole, *words) if len(one) >= LEAST} | pieces)

    def unread(self) -> list[str]:
        """What was not read, as it may be shown."""
        return [self.mask.about(str(one)) for one in self.origin.unread]

    def at(self, one: Statement) -> str:
        return str(self.origin.named(one.line))

    def stanza(self, block: Block) -> str:
        """`<domain gmail.com> in <virtual-mta mta1>`, or "the top level"."""
        inner = self._tag(block)
        outer = self._tag(block.parent) if block.parent else ""
        return f"{inner} in {outer}" if outer else inner or "the top level"

    def _tag(self, block: Block) -> str:
        return self.mask.shown(block.opening.at, block.opening.stop) if block.opening else ""

    def json(self, one: Statement) -> dict[str, Any]:
        file, line = self.origin.named(one.line)
        return {"value": self.value(one), "file": file, "line": line, "from": self.stanza(one.block)}


def document(answer: Answer, words: Words) -> dict[str, Any]:
    """The queue that was asked about, and those that its mail goes on to as `goes_to`."""
    first, *more = (_queue(one, words) for one in answer.queues)
    own = [entry for setting in answer.mta for entry in _entries(setting, words)]
    first["settings"] += own
    found: dict[str, Any] = {"schema": SCHEMA, **first, "goes_to": more}
    found["rollups"] = [
        {"mx": words.mask.about(one.word(0)), "queue": words.mask.about(one.word(1)), **_place(words, one)}
        for one in answer.rollups
    ]
    found["elsewhere"] = [words.name(one) for one in answer.elsewhere]
    found["unread"] = words.unread()
    return found


def _place(words: Words, one: Statement) -> dict[str, Any]:
    file, line = words.origin.named(one.line)
    return {"file": file, "line": line}


def _queue(applied: Applied, words: Words) -> dict[str, Any]:
    queue = {"domain": words.name(applied.queue.domain), "vmta": words.name(applied.queue.mta) or None}
    by = {"by": words.json(applied.moved_by)} if applied.moved_by else {}
    return {"queue": queue, **by, "settings": [entry for one in applied.domain for entry in _entries(one, words)]}


def _entries(setting: Setting, words: Words) -> Iterator[dict[str, Any]]:
    """One for each value of a list; where nothing is certain one without a value, and with all that may hold."""
    beats = [{"value": words.value(one), **_place(words, one)} for one in setting.beats]
    if not setting.certain:
        nothing = {"value": None, "file": None, "line": None, "from": None}
        candidates = [words.json(one) for one in setting.held]
        yield {"name": setting.name, **nothing, "candidates": candidates, "beats": beats, "certain": False}
        return
    for one in setting.held:
        yield {"name": setting.name, **words.json(one), "beats": beats, "certain": True}


def lines(answer: Answer, words: Words) -> list[str]:
    """For people: the queue, its settings, and what else is to be known."""
    made = [f"Not read: {'; '.join(words.unread()[:5])}."] if words.origin.unread else []
    for applied in answer.queues:
        made += [*_head(applied, words), *_table(applied.domain, words), ""]
    if answer.mta:
        kind = "The VirtualMTA or pool itself, and what holds for all of them:"
        made += [kind, *_table(answer.mta, words), ""]
    return [*made, *_notes(answer, words)]


def _head(applied: Applied, words: Words) -> list[str]:
    count = len(applied.domain)
    said = f"{count} setting{'' if count == 1 else 's'}" if count else "nothing is set, so the defaults hold"
    any_other = " (any domain without its own)" if applied.queue.domain == "*" else ""
    name = f"{words.name(str(applied.queue))}{any_other}"
    if applied.moved_by is None:
        return [f"{name}: {said}."]
    by = applied.moved_by
    return [f"Its mail goes to the queue {name} ({by.name}, {words.at(by)}): {said}."]


def _table(settings: Sequence[Setting], words: Words) -> list[str]:
    width = max((len(one.name) for one in settings), default=0)
    return [line for one in settings for line in _rows(one, width, words)]


def _rows(setting: Setting, width: int, words: Words) -> Iterator[str]:
    name = f"  {setting.name:{width}}  "
    blank = " " * len(name)
    if not setting.certain:
        yield f"{name}{NOT_DOCUMENTED}:"
        yield from (f"{blank}  {_said(one, setting, words)}" for one in setting.held)
    else:
        rows = (_said(one, setting, words) for one in setting.held)
        yield from (f"{blank if number else name}{row}" for number, row in enumerate(rows))
    yield from (f"{blank}  beats {_said(one, setting, words)}" for one in setting.beats)


def _said(one: Statement, setting: Setting, words: Words) -> str:
    """With its name where it is written with an old one."""
    name = "" if one.key == setting.name else f"{one.key} "
    return f"{name}{words.value(one)}  ({words.at(one)}, {words.stanza(one.block)})"


def _notes(answer: Answer, words: Words) -> Iterator[str]:
    if answer.is_circle:
        yield "queue-to leads in a circle from here: what PowerMTA does then is not documented."
    if answer.rollups and len(answer.queues) == 1:
        said = "; ".join(f"{words.value(one)} ({words.at(one)})" for one in answer.rollups[:NAMED])
        if answer.is_contested:
            yield f"More than one rollup fits that MX host, and which holds is not documented: {said}."
            return
        yield f"By the MX hosts of the domain its mail may go to another queue: {said}. Give one: --mx HOST."
    if answer.elsewhere:
        more = f" and {len(answer.elsewhere) - NAMED} more" if len(answer.elsewhere) > NAMED else ""
        names = ", ".join(words.name(one) for one in answer.elsewhere[:NAMED])
        domain = words.name(answer.first.queue.domain)
        yield f"With settings of their own for it: {names}{more}. Ask for {domain}/NAME."
    if answer.unknown:
        names = ", ".join(f"${words.name(name)}" for name in answer.unknown[:NAMED])
        yield f"Nothing here defines {names}: which domains are meant by it is not known."
