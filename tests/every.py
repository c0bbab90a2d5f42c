"""A test that is one sentence about many cases runs once for all of them and names each that fails.

A parametrised one costs three thousandths of a second a case before it does anything: with thousands of cases, minutes.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any


def every(cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Decorates a plain test without fixtures; a case is a tuple where the test takes several parameters."""
    tried = list(cases)
    assert tried

    def decorate(test: Callable[..., None]) -> Callable[[], None]:
        several = len(inspect.signature(test).parameters) > 1

        def run() -> None:
            failed = [error for case in tried if (error := _failure(test, case if several else (case,)))]
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(tried)} cases", failed)

        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        return run

    return decorate


def _failure(test: Callable[..., None], case: tuple[Any, ...]) -> Exception | None:
    try:
        test(*case)
    except Exception as error:  # noqa: BLE001 - whatever a case raises is its failure
        error.add_note(f"the case: {case!r}")
        return error
    return None
