"""Endpoints, certificates and DNS records as lines of an alert. Mrkdwn, escaped: servers and name servers say it."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.slack_text import code_span, escape
from commands.watch.view.wording import broken

MOST = 8
RECORDS = {"mx": "MX", "ptr": "reverse DNS", "tlsa": "TLSA", "mta_sts": "MTA-STS id", "mta-sts": "MTA-STS id"}


def endpoint_lines(failing: Sequence[str]) -> list[str]:
    """Every endpoint in its own line, when there are several."""
    lines = [f"• {broken([code], '')}" for code in failing[:MOST]]
    return [*lines, *([f"• and {len(failing) - MOST} more"] if len(failing) > MOST else [])] if len(failing) > 1 else []


def side_lines(failing: Sequence[str]) -> list[str]:
    """Whose side a silence is on: a watch alerts of it only when control hosts of others answered."""
    if any(code.startswith(("no_answer ", "unreachable ")) for code in failing):
        return ["It is not our own network: other mail hosts answer on that port from here."]
    return []


def certificate_lines(endpoints: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = [
        f"• {escape(str(one['endpoint']), 120)}: valid until {escape(str(one['not_after'])[:10], 20)} "
        f"({one['days']} days), {code_span(str(one.get('subject') or '-'), 120)}"
        for one in endpoints[:MOST]
    ]
    return [*lines, *([f"• and {len(endpoints) - MOST} more"] if len(endpoints) > MOST else [])]


def record_names(changes: Sequence[Mapping[str, Any]]) -> str:
    """`MX, TLSA`: which kinds of records changed."""
    return ", ".join(dict.fromkeys(_name(one) for one in changes))


def record_lines(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    return [_line(one) for one in changes[:MOST]]


def _line(change: Mapping[str, Any]) -> str:
    name = escape(str(change["name"]), 120)
    return f"• {_name(change)} of {name}: {_values(change['before'])} → {_values(change['after'])}"


def _name(change: Mapping[str, Any]) -> str:
    return RECORDS.get(str(change["record"]), escape(str(change["record"]), 20))


def _values(values: Sequence[str]) -> str:
    shown = ", ".join(code_span(str(value), 100) for value in values[:4])
    return (shown or "none") + (f" and {len(values) - 4} more" if len(values) > 4 else "")
