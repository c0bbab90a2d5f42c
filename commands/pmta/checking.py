"""A paste studied for `/pmta`: its report, the mended text and its claims, and again from what a history kept."""

import threading
from dataclasses import dataclass

from commands.pmta.facts import Facts
from commands.pmta.fixes import changes, listing, safe_fixes
from commands.pmta.kept import kept
from commands.pmta.linter import study
from commands.pmta.masking import masked
from commands.pmta.model import Report
from commands.pmta.paste import Pasted

LARGE = 1_000_000
"""Characters: a text from here on takes seconds and hundreds of megabytes, so such come one at a time."""

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Studied:
    """`fixed` has its secrets covered; `kept` is what may be stored of the text, "" unless a setting asks for it.

    `changed` lists what was mended, a line of text each.
    """

    report: Report
    fixed: str
    changed: tuple[str, ...]
    claims: Facts
    kept: str = ""

    @property
    def is_checkable(self) -> bool:
        """Whether there is something to ask the world about."""
        claims = self.claims
        return bool(claims.source_hosts or claims.signing_keys or claims.relays or claims.listeners)


def is_fixable(report: Report) -> bool:
    return report.reflowed or any(finding.edits for finding in report.findings)


def studied(pasted: Pasted, version: str, fragment: bool | None, *, keep: bool) -> Studied:
    """For a thread of its own: it takes as long as the text is long."""
    if len(pasted.text) < LARGE:
        return _studied(pasted, version, fragment, keep=keep)
    with _one_at_a_time:
        return _studied(pasted, version, fragment, keep=keep)


def _studied(pasted: Pasted, version: str, fragment: bool | None, *, keep: bool) -> Studied:
    report, claims = study(pasted.text, version=version, fragment=fragment, undone=pasted.undone)
    return Studied(
        report=report,
        fixed=masked(safe_fixes(pasted.text, report)) if is_fixable(report) else "",
        changed=tuple(listing(changes(pasted.text, report))),
        claims=claims,
        kept=kept(pasted.text, version) if keep else "",
    )
