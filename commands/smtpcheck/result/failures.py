"""Which results count as failures of those who asked. Pure.

A name that nobody registered is a slip, an address that is refused is a rule, and what our own network or address met
is our trouble: none of them says that a host failed.
"""

import json
from collections.abc import Iterator

from commands.smtpcheck.result.findings import Code, code_named
from commands.smtpcheck.result.scales import Side

FAILED = frozenset({"failed", "error", "danger"})
"""Verdicts of whatever kind of result."""

SLIPS = frozenset({Code.DNS_NXDOMAIN})
OURS = ("our_address", "ask_our_network", "network_")
"""How statements of a summary begin that are about us."""


def is_failure(verdict: str, summary: str) -> bool:
    """`summary` is what stands in a row (`document.stored_summary`), codes; words of schema 1 excuse nothing."""
    return verdict in FAILED and not any(map(_excuses, _codes(summary)))


def _codes(summary: str) -> Iterator[str]:
    try:
        yield from (str(one["code"]) for one in json.loads(summary))
    except (ValueError, KeyError, TypeError):
        return


def _excuses(code: str) -> bool:
    finding = code_named(code)
    if finding is None:
        return code.startswith(OURS)
    return finding in SLIPS or finding.side in {Side.OURS, Side.NOBODY}
