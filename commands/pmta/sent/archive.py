"""The files of a zip or tar, read in memory alone: nothing is unpacked to a disk, and no more than 10 MB at all.

Links, devices, archives in archives and paths that lead out of the archive are left alone and named.
"""

import bz2
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from commands.contract import Attachment, UserError
from commands.pmta.findings.model import Unread

MOST_BYTES = 10 * 1024 * 1024
MOST_MEMBERS = 2000
MEMORY = 64 * 1024 * 1024
"""Bytes that the decompressor of an xz may take."""

LINK = "it is a link"
OUTSIDE = "its path leads out of the archive"
NESTED = "an archive in an archive is not opened"
TOO_LARGE = UserError(
    "The archive is larger than 10 MB when it is unpacked.", "Send the files that PowerMTA reads alone."
)
TOO_MANY = UserError(f"The archive has more than {MOST_MEMBERS:,} files.", "Send the files that PowerMTA reads alone.")
BROKEN = UserError("The archive cannot be read: it is damaged, or has a password.", "Pack it anew without one.")

_TAR_AT, _TAR = 257, b"ustar"
_PACKED: dict[bytes, Callable[[], "bz2.BZ2Decompressor | lzma.LZMADecompressor"]] = {
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\x00": lambda: lzma.LZMADecompressor(memlimit=MEMORY),
}
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"


def is_archive(content: bytes) -> bool:
    return content.startswith((_ZIP, _GZIP, *_PACKED)) or content[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR


def opened(content: bytes, name: str = "") -> tuple[list[Attachment], list[Unread]]:
    """The regular files of an archive by name, and what was left alone. Raises UserError for what is too large.

    `name` is the archive's: one file that is only packed (`mail.log.gz`) has it without its end.
    """
    files, left, size = [], [], 0
    try:
        for inside, why, inner in _members(content, name):
            path = _inside(inside)
            if why or not path:
                left.append(Unread(path or PurePosixPath(inside).name, why or OUTSIDE, decides=False))
                continue
            size += len(inner)
            if size > MOST_BYTES:
                raise TOO_LARGE
            files.append(Attachment(path, inner))
    except (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, *_DAMAGED) as error:
        raise BROKEN from error
    return files, left


_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError)


def _members(content: bytes, packed: str) -> Iterator[tuple[str, str, bytes]]:
    """The name of each file, why it is left alone or "", and what it holds."""
    found = _of_zip(content) if content.startswith(_ZIP) else _of_packed(_unpacked(content), packed)
    for number, (name, why, inner) in enumerate(found):
        if number >= MOST_MEMBERS:
            raise TOO_MANY
        yield (name, NESTED, b"") if not why and is_archive(inner) else (name, why, inner)


def _of_zip(content: bytes) -> Iterator[tuple[str, str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            mode = member.external_attr >> 16
            if member.is_dir():
                continue
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                yield member.filename, LINK, b""
                continue
            with archive.open(member) as file:
                yield member.filename, "", _bounded(file.read(MOST_BYTES + 1))


def _of_packed(content: bytes, packed: str) -> Iterator[tuple[str, str, bytes]]:
    """A tar, or one text that was packed by itself."""
    path = PurePosixPath(packed)
    is_text = path.suffix.lower() in {".gz", ".bz2", ".xz"} and content and b"\0" not in content
    return iter([(path.stem, "", _bounded(content))]) if is_text else _of_tar(content)


def _of_tar(content: bytes) -> Iterator[tuple[str, str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
        for member in archive:
            if member.isdir():
                continue
            file = archive.extractfile(member) if member.isreg() else None
            yield member.name, "" if file else LINK, _bounded(file.read(MOST_BYTES + 1)) if file else b""


def _bounded(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise TOO_LARGE
    return content


def _unpacked(content: bytes) -> bytes:
    """A tar without its compression. Its own headers and padding are not counted."""
    most = 2 * MOST_BYTES
    begins = next((begins for begins in (_GZIP, *_PACKED) if content.startswith(begins)), None)
    if begins is None:
        return _of_size(content, most)
    unpacking = zlib.decompressobj(wbits=31) if begins == _GZIP else _PACKED[begins]()
    made = _of_size(unpacking.decompress(content, most + 1), most)
    if not unpacking.eof:
        raise EOFError
    return made


def _of_size(made: bytes, most: int) -> bytes:
    if len(made) > most:
        raise TOO_LARGE
    return made


def _inside(name: str) -> str:
    """The path of a member from the top of the archive, "" for one that leads out of it."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    return "" if ".." in parts else "/".join(parts)
