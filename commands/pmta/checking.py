"""What is to be checked for `/pmta`, and what comes of it: the report, the mended text and the claims of a config.

A config of 10 MB takes seconds and hundreds of megabytes, so what comes of it is small, whatever was sent: the
weightiest findings, the rest counted, and the mended text compressed.

Between processes an order and its answer are JSON with texts behind it, nothing that runs.
"""

import asyncio
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from commands.contract import Attachment
from commands.pmta.configuration.origin import Origin, Stretch
from commands.pmta.facts import Endpoint, Facts, NamedFile, SigningKey, SourceHost
from commands.pmta.findings.model import LISTED, Finding, More, Report, Unread
from commands.pmta.fixes import Changes, edited_mask, is_fixable, listing, reflowed
from commands.pmta.kept import kept
from commands.pmta.language.remembered import forget
from commands.pmta.linter import examined
from commands.pmta.masking import Mask
from commands.pmta.paste import Message, Pasted
from commands.pmta.questions import Question, answer_to
from commands.pmta.reading import Given, Together, read

CLAIMS = 1000
"""Claims of each kind that are kept; DNS is asked about 200."""

LONG = 200_000
"""Characters: the tree of a longer text takes memory that is worth giving back."""

ASKED_ABOUT = 2_000_000
"""Characters of a text that is kept for questions about queues."""

CLIPPED = 400
"""Characters of a line in the list of what was mended."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody sent: it is read where it is checked.

    `keep`: its masked text is wanted, too. `mend`: its mended text is, however long it is. With a `question` an answer
    to it is wanted, and nothing else.
    """

    given: Given
    version: str = "5.0"
    fragment: bool | None = None
    keep: bool = False
    mend: bool = False
    question: Question | None = None

    @property
    def size(self) -> int:
        """Bytes of files, characters of a text."""
        if isinstance(self.given, Message | Pasted):
            return len(self.given.text)
        return sum(len(file.content) for file in _files(self.given))


def _files(given: Attachment | Together) -> tuple[Attachment, ...]:
    return given.files if isinstance(given, Together) else (given,)


@dataclass(frozen=True, slots=True)
class Studied:
    """`packed` is the mended text, empty where there is nothing to mend, with its secrets covered.

    Of a long text it is made when somebody asks for it (`mending`): until then `unmended` is the text, packed, its
    secrets covered, which is to be read for the same `version` and as the same `fragment`.
    `kept` is what may be stored of the text, "" unless a setting asks for it. `changed` lists what was mended, a line
    of text each. `covered` is the text, packed, its secrets covered line by line, for questions about it (empty for a
    very long one); `told` are the lines of an answer to one.
    """

    report: Report
    packed: bytes
    changed: tuple[str, ...]
    claims: Facts
    kept: str = ""
    unmended: bytes = b""
    version: str = "5.0"
    fragment: bool | None = None
    covered: bytes = b""
    told: tuple[str, ...] = ()

    @property
    def is_fixable(self) -> bool:
        """Whether there is something to mend."""
        return bool(self.packed or self.unmended)

    @property
    def is_checkable(self) -> bool:
        """Whether there is something to ask the world about."""
        claims = self.claims
        return bool(claims.source_hosts or claims.signing_keys or claims.relays or claims.listeners)


@dataclass(frozen=True, slots=True)
class Turn:
    """An order that was taken: how many large configs are checked `before` it, and what comes of it."""

    before: int
    answer: asyncio.Future[Studied]


def packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1) if text else b""


def unpacked(content: bytes) -> bytes:
    """The text as UTF-8."""
    return zlib.decompress(content) if content else b""


def studied(order: Order) -> Studied:
    """Takes as long as the text is long. Raises UserError for what is no config."""
    if order.question is not None:
        return Studied(Report(()), b"", (), NO_CLAIMS, told=answer_to(order.question, order.given))
    pasted = read(order.given)
    version, fragment, keep, mend = order.version, order.fragment, order.keep, order.mend
    del order  # the bytes of a file may go once they are text
    text = pasted.text
    report, claims, mask = examined(
        text,
        version=version,
        fragment=fragment,
        undone=pasted.undone,
        most=CLAIMS,
        told=LISTED,
        origin=pasted.origin,
    )
    is_one = len(pasted.origin.files) <= 1
    if len(text) > LONG:
        forget()  # with the tree its memory goes, before further texts are made
    fixable, now = is_one and is_fixable(report), mend or len(text) <= LONG
    fixed, changed = _mended(report, mask) if fixable and now else (b"", ())
    unmended = packed(mask.starred()) if fixable and not now else b""
    stored = kept(text, version, mask) if keep and is_one else ""
    covered = packed(mask.starred_lines()) if len(text) <= ASKED_ABOUT else b""
    return Studied(report.cut(LISTED), fixed, changed, claims, stored, unmended, version, fragment, covered)


NO_CLAIMS = Facts((), (), (), ())


def asking(made: Studied, name: str, question: Question) -> Order:
    """What is to be answered of a config that was checked before."""
    text = unpacked(made.covered).decode("utf-8", "surrogatepass")
    return Order(Pasted(text, name, origin=made.claims.origin), question=question)


def mending(made: Studied, name: str) -> Order:
    """What is to be checked for the mended text of a long config."""
    text = unpacked(made.unmended).decode("utf-8", "surrogatepass")
    return Order(Pasted(text, name), made.version, made.fragment, mend=True)


def _mended(report: Report, mask: Mask) -> tuple[bytes, tuple[str, ...]]:
    """The mended text and what was mended in it."""
    after = edited_mask(report, mask)
    changed = tuple(line[:CLIPPED] for line in listing(Changes(report, mask, after)))
    return packed(mask.covered(reflowed(after.text) if report.reflowed else after)), changed


class InThread:
    """Checks in a thread of this process: for what is known to be small."""

    def submit(self, order: Order) -> Turn:
        return Turn(0, asyncio.ensure_future(asyncio.to_thread(studied, order)))

    def warm_up(self) -> None:
        """There is nothing to start."""


T = TypeVar("T")
NOT_CARRIED = frozenset({"edits"})
"""Offsets into a text that stays where it was checked: the mended text has what they did."""


def order_parts(order: Order) -> tuple[bytes, bytes]:
    """What an order says, and the text or the files one after the other."""
    given = order.given
    said: dict[str, Any] = {"kind": type(given).__name__, "version": order.version}
    said |= {"fragment": order.fragment, "keep": order.keep, "mend": order.mend, "question": order.question}
    if isinstance(given, Message | Pasted):
        said["name"] = given.name
        if isinstance(given, Pasted):
            said |= {"undone": given.undone, "encoding": given.encoding, "origin": given.origin}
        return _json(said), given.text.encode("utf-8", "surrogatepass")
    files = _files(given)
    said["files"] = [(file.name, len(file.content)) for file in files]
    return _json(said), files[0].content if len(files) == 1 else b"".join(file.content for file in files)


def order_of(said: bytes, content: bytes) -> Order:
    found = json.loads(said)
    question = Question(**found["question"]) if found["question"] else None
    given = _given(found, content)
    return Order(given, found["version"], found["fragment"], found["keep"], found["mend"], question)


def _given(found: dict[str, Any], content: bytes) -> Given:
    kind = found["kind"]
    if "files" in found:
        files = tuple(_cut(found["files"], content))
        return Together(files) if kind == Together.__name__ else files[0]
    text = content.decode("utf-8", "surrogatepass")
    if kind == Message.__name__:
        return Message(text, found["name"])
    return Pasted(text, found["name"], tuple(found["undone"]), found["encoding"], _origin(found["origin"]))


def _cut(files: Sequence[tuple[str, int]], content: bytes) -> Iterator[Attachment]:
    at = 0
    for name, size in files:
        yield Attachment(name, content[at : at + size])
        at += size


def answer_parts(made: Studied) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """What was found, the mended text, the kept one, the one to be mended, and the one for questions."""
    said = {"report": _record(made.report), "claims": _record(made.claims), "changed": made.changed, "told": made.told}
    read_as = {"version": made.version, "fragment": made.fragment}
    return (
        _json({**said, **read_as}),
        made.packed,
        made.kept.encode("utf-8", "surrogatepass"),
        made.unmended,
        made.covered,
    )


def answer_of(said: bytes, packed: bytes, kept: bytes, unmended: bytes, covered: bytes) -> Studied:
    found = json.loads(said)
    return Studied(
        report=_report(found["report"]),
        packed=packed,
        changed=tuple(found["changed"]),
        claims=_claims(found["claims"]),
        kept=kept.decode("utf-8", "surrogatepass"),
        unmended=unmended,
        version=found["version"],
        fragment=found["fragment"],
        covered=covered,
        told=tuple(found["told"]),
    )


def _report(found: dict[str, Any]) -> Report:
    marked = [{**one, **{name: tuple(one[name]) for name in ("marked", "stanza")}} for one in found["findings"]]
    return Report(
        **{
            **found,
            "findings": _each(Finding, marked),
            "more": _each(More, found["more"]),
            "undone": tuple(found["undone"]),
            "files": tuple(found["files"]),
            "no_rules": tuple((place, word) for place, word in found["no_rules"]),
            "unread": _unread(found["unread"]),
            "whole_by": tuple(found["whole_by"]),
        }
    )


def _claims(found: dict[str, Any]) -> Facts:
    return Facts(
        source_hosts=_each(SourceHost, found["source_hosts"]),
        signing_keys=_each(SigningKey, found["signing_keys"]),
        relays=_each(Endpoint, found["relays"]),
        listeners=_each(Endpoint, found["listeners"]),
        hashes=frozenset(found["hashes"]),
        unnamed=tuple(found["unnamed"]),
        beyond=found["beyond"],
        origin=_origin(found["origin"]),
        files=_each(NamedFile, found["files"]),
    )


def _origin(found: dict[str, Any]) -> Origin:
    stretches = tuple(Stretch(*one) for one in found["stretches"])
    return Origin(stretches, tuple(found["files"]), _unread(found["unread"]))


def _unread(found: Sequence[dict[str, Any]]) -> tuple[Unread, ...]:
    return _each(Unread, [{**one, "circle": tuple(one["circle"])} for one in found])


def _each(kind: type[T], found: Sequence[dict[str, Any]]) -> tuple[T, ...]:
    return tuple(kind(**one) for one in found)


def _json(said: Any) -> bytes:
    """Lone surrogates come through as escapes."""
    return json.dumps(said, default=_plain).encode("ascii")


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else _record(value)


def _record(value: Any) -> dict[str, Any]:
    return {one.name: getattr(value, one.name) for one in fields(value) if one.name not in NOT_CARRIED}
