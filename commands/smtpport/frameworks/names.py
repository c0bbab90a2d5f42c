"""What frameworks are called, and which one somebody means who writes a name: `django`, `Home Assistant`, `.net`."""

import re
from functools import cache

from commands.smtpport.frameworks.reader import Framework, frameworks

LONGEST_NAME = 40
MOST_LIKELY = 3


def called(row: Framework) -> tuple[str, ...]:
    """Every name of a framework."""
    return (row.name, row.key, *row.names)


def framework_named(name: str) -> Framework | None:
    """The framework of a name, by letters and digits alone."""
    return frameworks().get(_index().get(_bare(name), ""))


def likely(name: str) -> list[str]:
    """Up to three keys that an unknown name resembles, the likeliest first."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - the import takes 40 ms, and most names are right

    found = process.extract(_bare(name[:LONGEST_NAME]), list(_index()), scorer=fuzz.ratio, score_cutoff=60, limit=10)
    return list(dict.fromkeys(_index()[close] for close, _, _ in found))[:MOST_LIKELY]


@cache
def _index() -> dict[str, str]:
    return {_bare(name): row.key for row in frameworks().values() for name in called(row)}


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
