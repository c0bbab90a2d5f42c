"""An error for the log, without its message: a message may repeat what somebody pasted, a password for instance."""

import traceback
from collections.abc import Iterator


def trace_of(error: BaseException) -> str:
    """Where an error and its causes came from, the last one last; types and source lines only."""
    parts = [f"{''.join(traceback.format_tb(one.__traceback__))}{type(one).__name__}" for one in _chain(error)]
    return "\nwhich led to\n".join(reversed(parts))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what caused it, and so on."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
