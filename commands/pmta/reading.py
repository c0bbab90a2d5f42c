"""Files that were sent to one text: those of an archive, or several beside each other."""

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from commands.contract import Attachment, UserError
from commands.pmta.configuration.assembly import UnreadError
from commands.pmta.configuration.candidates import is_config
from commands.pmta.findings.model import Unread
from commands.pmta.masking import masked_name
from commands.pmta.paste import Message, Pasted, decoded, from_file, from_message
from commands.pmta.sent.archive import MOST_BYTES, is_archive, opened
from commands.pmta.sent.library import NO_CONFIG, Sent
from commands.pmta.whole import whole

MAIN = "config"
"""What PowerMTA calls the file that it reads first."""
NOT_INCLUDED = "nothing that was read includes it"
NOTHING = UserError("There is no PowerMTA setting in these files.", "Send the config, often /etc/pmta/config.")


@dataclass(frozen=True, slots=True)
class Together:
    """Files that somebody sent at once."""

    files: tuple[Attachment, ...]

    @property
    def name(self) -> str:
        first, count = self.files[0].name, len(self.files) - 1
        return f"{masked_name(first)} and {count} more" if count else masked_name(first)


Given: TypeAlias = Message | Attachment | Together | Pasted
"""What somebody sent: a message or files that nobody has read yet, or a config that was read before."""


def read(given: Given) -> Pasted:
    """The config in it. Raises UserError when there is none."""
    if isinstance(given, Message):
        return from_message(given)
    if isinstance(given, Pasted):
        return given
    return together(given.files if isinstance(given, Together) else (given,))


def together(files: Sequence[Attachment]) -> Pasted:
    """Everything that was sent as one configuration. Raises UserError when there is none in it."""
    if sum(len(file.content) for file in files) > MOST_BYTES:
        raise UserError("The files are larger than 10 MB together.", "Send fewer of them.")
    read = [from_file(file) for file in files if not is_archive(file.content)]
    texts = _named(zip((file.name for file in files if not is_archive(file.content)), read, strict=True))
    given, unread = list(texts), []
    for file in files:
        if is_archive(file.content):
            inner, left = _of_archive(file)
            given += _first_of(inner, left)
            texts |= inner
            unread += left
    undone = tuple(dict.fromkeys(kind for one in read for kind in one.undone))
    return _whole(given, texts, unread, Pasted("", Together(tuple(files)).name, undone, _encoding(read)))


def _encoding(read: Sequence[Pasted]) -> str:
    return read[0].encoding if len(read) == 1 else "utf-8"


def _named(files: Iterable[tuple[str, Pasted]]) -> dict[str, str]:
    """Two files of one name are two."""
    made: dict[str, str] = {}
    for name, one in files:
        made[name if name not in made else f"{name} ({len(made) + 1})"] = one.text
    return made


def _whole(given: list[str], texts: dict[str, str], unread: list[Unread], bare: Pasted) -> Pasted:
    if not given:
        raise NOTHING
    try:
        text, origin = whole(given, Sent(texts), unread)
    except UnreadError as error:
        raise UserError(f"The files cannot be read together: {error}.", "Send fewer of them.") from error
    return Pasted(text, bare.name, bare.undone, bare.encoding, origin)


def _of_archive(file: Attachment) -> tuple[dict[str, str], list[Unread]]:
    """The configs in it by path; of anything else, keys among it, no more than the name is kept."""
    found, left = opened(file.content, file.name)
    texts: dict[str, str] = {}
    for one in found:
        text = "" if b"\x00" in one.content[:8192] else decoded(one.content)[0]
        if text and is_config(text):
            texts[one.name] = text
        else:
            left.append(Unread(one.name, NO_CONFIG, decides=False))
    return texts, left


def _first_of(texts: dict[str, str], left: list[Unread]) -> list[str]:
    """Where PowerMTA would begin: at `config`, else at each file that no other one includes."""
    mains = [name for name in texts if posixpath.basename(name) == MAIN]
    if not mains:
        return list(texts)
    first = min(mains, key=lambda name: (name.count("/"), name))
    reached = {*whole([first], Sent(texts)).origin.files}
    left += [Unread(name, NOT_INCLUDED, decides=False) for name in texts if masked_name(name) not in reached]
    return [first]
