"""An error for the log, without its message: a message may repeat what somebody pasted, a password for instance.

Those of the storage are ours, made to be shown, and say what to do.
"""

import traceback
from collections.abc import Iterator

from storage.errors import StorageError


def trace_of(error: BaseException) -> str:
    """Where an error and its causes came from, the last one last; types and source lines only."""
    parts = [f"{''.join(traceback.format_tb(one.__traceback__))}{_named(one)}" for one in _chain(error)]
    return "\nwhich led to\n".join(reversed(parts))


def _named(error: BaseException) -> str:
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, StorageError) else name


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what caused it, and so on."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
