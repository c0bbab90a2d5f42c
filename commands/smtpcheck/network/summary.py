"""What follows from a look at our own network, as statements: codes with parameters. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from commands.slack_text import clean
from commands.smtpcheck.network.probe import Outgoing
from commands.smtpcheck.verdict.fault_side import pattern_of
from commands.smtpcheck.verdict.interception import MASK

Statement: TypeAlias = dict[str, Any]


def summary(found: Sequence[Outgoing]) -> list[Statement]:
    """The statements in order, each `{"code": ..., "params": {...}}`."""
    if all(port.state == "unknown" for port in found):
        return [{"code": "network_unknown", "params": {}}]
    return [*_intercepted(found), *_blocked(found)] or [{"code": "network_open", "params": {}}]


def _blocked(found: Sequence[Outgoing]) -> list[Statement]:
    blocked = frozenset(port.port for port in found if port.state == "blocked")
    if not blocked:
        return []
    known = pattern_of(blocked, frozenset(port.port for port in found if port.state == "open"))
    pattern = [{"code": "network_pattern", "params": {"pattern": known}}] if known else []
    last = {"code": "network_ask", "params": {}}
    return [{"code": "network_blocked", "params": {"ports": _listed(blocked)}}, *pattern, last]


def _intercepted(found: Sequence[Outgoing]) -> list[Statement]:
    masked = [port.port for port in found if port.by == MASK]
    named = [port for port in found if port.by not in {"", MASK}]
    names = list(dict.fromkeys(clean(port.by, 100) for port in named))
    params = {"ports": _listed(port.port for port in named), "names": names}
    said: list[Statement] = [{"code": "network_intercepted", "params": params}] if named else []
    return said + ([{"code": "network_masked", "params": {"ports": _listed(masked)}}] if masked else [])


def _listed(ports: Iterable[int]) -> str:
    return ", ".join(str(port) for port in sorted(ports))
