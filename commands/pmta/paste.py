"""The config in what somebody sent: typed behind the command, in a message, in a form, or as a file."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from commands.contract import Attachment, UserError
from commands.pmta.configuration.origin import ALONE, Origin
from commands.pmta.introduced import without_words
from commands.pmta.language.catalogue import DIRECTIVES, TAGS
from commands.pmta.language.names import directives_like
from commands.pmta.masking import masked_name
from commands.pmta.prefixes import unprefixed
from commands.slack_text import undone

FILE_LIMIT = 10 * 1024 * 1024
"""Bytes: what Slack's file input takes."""

MOST_LINES = 800_000
"""Lines and tags together: each takes memory, and 10 MB of line breaks are no config."""

LOOKED_AT = 200_000
"""Characters in which a config has to show that it is one."""

LATIN = "latin-1"
_LANGUAGE = re.compile(r"[\w-]*[^\S\n]*\n")
_SINGLE = re.compile("[\u2018\u201b](?=\\S)([^\u2018\u2019\r\n]*)\u2019")
_ENTITY_TAG = re.compile(r"^[^\S\n]*&lt;/?[a-z][\w-]*", re.IGNORECASE | re.MULTILINE)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("&amp;", "&"))
_PATTERN_LINE = re.compile(r"^[^\S\n]*/[^\n]+/ ", re.MULTILINE)
_SAID = re.compile(r"^(?![^\S\n]*+(?:#|$)).+", re.MULTILINE)
_NAMED = re.compile(r"[^\S\n]*[a-z][a-z0-9]*(?:-[a-z0-9]+)+[^\S\n]+\S")
_WORDS = re.compile(r"[<\w][\w./-]*")


@dataclass(frozen=True, slots=True)
class Message:
    """A text as Slack sent it, whose config nobody has looked for yet, and its name for people."""

    text: str
    name: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """A config, its name for people, what was undone to get it, and the encoding that gives a file's bytes back.

    `origin` says which lines are of which file, where it was put together of several.
    """

    text: str
    name: str
    undone: tuple[str, ...] = ()
    encoding: str = "utf-8"
    origin: Origin = ALONE


def from_message(message: Message) -> Pasted:
    """A config that went through Slack. Raises UserError when there is none in it."""
    clean, kinds = undone(_SINGLE.sub("\u201c\\1\u201d", message.text))
    alone = without_words(clean)
    as_it_is = {clean.strip(), _without_fence(clean.strip()).strip()}
    is_introduced = alone.strip() not in as_it_is and _is_config(alone)
    clean = alone if is_introduced else clean
    stripped = _without_fence(clean.strip()) if "`" in clean else clean.strip("\n")
    stripped, more = unprefixed(stripped)
    if not _is_config(stripped):
        raise UserError("There is no PowerMTA setting in this.", "Paste a stanza, or use /pmta alone for a form.")
    fences = ("fences",) if "```" in message.text else ()
    theirs = (kind for kind in kinds if kind != "entities")  # Slack writes every < so: that was not in the paste
    words = ("words",) if is_introduced else ()
    return Pasted(stripped + "\n", message.name, (*theirs, *words, *fences, *more))


def _is_config(text: str) -> bool:
    return looks_like_config(text) or _begins_with_a_typo(text)


def _begins_with_a_typo(text: str) -> bool:
    """`smtp-listner 0/0:25`: the rule on unknown directives has the spelling."""
    first = text.split(None, 1)[0].lower() if text.strip() else ""
    return "-" in first and bool(directives_like(first))


def _without_fence(text: str) -> str:
    """What stands in a code block, or in a line of inline code."""
    inner = text.strip("`")
    language = _LANGUAGE.match(inner) if text.startswith("```") else None
    return (inner[language.end() :] if language else inner).strip("\n")


def from_file(file: Attachment) -> Pasted:
    """A config that came as a file. Raises UserError when it is too large or no text."""
    if len(file.content) > FILE_LIMIT:
        raise UserError("The file is larger than 10 MB.", "Cut it into the parts that PowerMTA includes.")
    text, encoding, kinds = _text_of(file.content)
    if text.count("\n") + text.count("\r") + text.count("<") > MOST_LINES:
        raise UserError(
            "The file has more than 800,000 lines and tags.", "Cut it into the parts that PowerMTA includes."
        )
    if not looks_like_config(text) and not _is_comments(text) and not _is_part(text):
        raise UserError("There is no PowerMTA setting in this file.", "Send the config, often /etc/pmta/config.")
    return Pasted(text, masked_name(file.name), kinds, encoding)


def _text_of(content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """The text of a file, the encoding that it is to be written in, and what was undone. Raises UserError."""
    wide = _utf16(content)
    if wide is None and b"\x00" in content[:8192]:
        raise UserError("The file is no text.", "Send the config itself, not an archive or an image.")
    text, encoding = decoded(content) if wide is None else (wide, "utf-8")
    kinds = ("utf-16",) if wide is not None else ("encoding",) if encoding == LATIN else ()
    text, entities = _without_entities(text)
    text, more = unprefixed(text)
    return text, encoding, (*kinds, *entities, *more)


def _utf16(content: bytes) -> str | None:
    """The text of a file in UTF-16, with its mark or known by every second byte being zero; None for any other."""
    head = content[:2000]
    codec = ""
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        codec = "utf-16"
    elif len(head) > 3 and head[1::2].count(0) * 10 > len(head) * 4 and not head[::2].count(0):
        codec = "utf-16-le"
    elif len(head) > 3 and head[::2].count(0) * 10 > len(head) * 4 and not head[1::2].count(0):
        codec = "utf-16-be"
    return content.decode(codec, "replace") if codec else None


def _without_entities(text: str) -> tuple[str, tuple[str, ...]]:
    """A file that was copied out of the source of a web page: all of its tags are written with entities."""
    if not _ENTITY_TAG.search(text) or re.search(r"^[^\S\n]*</?[a-z]", text, re.MULTILINE):
        return text, ()
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text, ("entities",)


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8 as PowerMTA reads it (User's Guide, 3.1), else Latin-1, which loses no byte."""
    encoding = "utf-8-sig" if content.startswith(BOM_UTF8) else "utf-8"
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError:
        return content.decode(LATIN), LATIN


def _is_comments(text: str) -> bool:
    """True for a file that says nothing yet, as included files often do."""
    return bool(text.strip()) and all(line.lstrip()[:1] in ("", "#") for line in text.splitlines())


def _is_part(text: str) -> bool:
    """True for a file that has nothing but settings of names that nobody knows here: a rule says so of each."""
    return all(_NAMED.match(line) for line in _spoken(text).splitlines()) and bool(text.strip())


def _spoken(text: str) -> str:
    """The first lines that are no comments."""
    said, length = [], 0
    for line in _SAID.finditer(text):
        said.append(line[0][: LOOKED_AT - length])
        length += len(said[-1])
        if length >= LOOKED_AT:
            break
    return "\n".join(said)


def looks_like_config(text: str) -> bool:
    """True when a line begins with a known setting or tag, or at least looks like a tag of its own."""
    lower = _spoken(text).lower()
    if "<" in lower and any(f"<{tag}" in lower for tag in TAGS):
        return True
    return any(word[0] in DIRECTIVES for word in _WORDS.finditer(lower)) or bool(_PATTERN_LINE.search(lower))
