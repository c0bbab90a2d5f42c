"""What is worked out once for words that a config says over and over: bounded, and forgotten on demand.

What is remembered lies between the statements of a config and would keep their memory from going back to the system.
"""

import gc
from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_forgetting: list[Callable[[], None]] = []


def remembered(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keeps the latest answers of a pure function."""

    def keeping(function: Callable[P, R]) -> Callable[P, R]:
        kept = lru_cache(most)(function)
        _forgetting.append(kept.cache_clear)
        return kept  # type: ignore[return-value]  # it takes what the function takes, if that can be hashed

    return keeping


def forget() -> None:
    """Give back what is not used any more, small objects that Python keeps for reuse included."""
    for clear in _forgetting:
        clear()
    gc.collect()
