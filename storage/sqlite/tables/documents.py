"""Documents as text: JSON whose last member is a checksum of it, so that a damaged one is not taken for another.

SQLite notices a damaged page by its structure alone; a letter that has changed in a text it hands out. Rows from before
have no checksum and are believed.
"""

import json
from typing import Any
from zlib import crc32

Document = dict[str, Any]

_MARK = '"crc32":"'
_TAIL = _MARK + '%08x"}'
_LONG = len(_TAIL % 0)
_ENCODED = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode  # once: `dumps` makes one for each call
_NEARLY = 3
"""Letters of the mark that may differ before a text is taken for one without."""


class Unvouched(dict[str, Any]):
    """A document that no checksum vouches for: of its shape nothing is certain."""


def packed(document: Document, beside: str = "") -> str:
    """JSON in ASCII. The checksum covers what stands `beside` it in the row, too. ValueError: NaN or an infinity."""
    text = _ENCODED(document)
    body = text[:-1] + ("," if document else "")
    return body + _tail(body, beside)


def unpacked(text: str, beside: str = "") -> Document:
    """The document. ValueError: it is none, or is not the one that was packed."""
    sound = plain(text, beside)
    document = json.loads(sound)
    if not isinstance(document, dict):
        raise TypeError("a document is an object")
    return Unvouched(document) if sound is text else document


def plain(text: str, beside: str = "") -> str:
    """The JSON of the document as it was before it was packed."""
    body, tail = text[:-_LONG], text[-_LONG:]
    if tail == _tail(body, beside):
        return body.removesuffix(",") + "}"
    if len(tail) == _LONG and sum(a != b for a, b in zip(tail, _MARK, strict=False)) <= _NEARLY:
        raise ValueError("the checksum is another")
    return text


def _tail(body: str, beside: str) -> str:
    """What ends a document: the CRC-32 of both texts, 8 digits."""
    return _TAIL % crc32((beside + body).encode())
