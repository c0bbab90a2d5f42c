"""Values that take the rest of the line: lists, results and actions.

Each has a sentence for people and a test of the whole rest. Commas separate; blanks round them are fine.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from commands.pmta.language import quantities
from commands.pmta.language.patterns import is_domain_pattern

RECORDS = {
    "d": "delivery", "b": "bounce", "t": "transient", "tq": "transient-queue", "r": "receipt", "f": "feedback-loop",
    "rb": "remote-bounce", "rs": "remote-status",
}  # fmt: skip
CATEGORIES = (
    "bad-configuration", "bad-connection", "bad-domain", "bad-mailbox", "content-related", "inactive-mailbox",
    "invalid-sender", "message-expired", "no-answer-from-host", "other", "policy-related", "protocol-errors",
    "quota-issues", "relaying-issues", "routing-errors", "spam-related", "success", "system-related", "virus-related",
)  # fmt: skip
"""Of bounces, as PowerMTA has them itself."""

FIELDS = frozenset(
    {
        "type", "timelogged", "timequeued", "totalsecondsqueued", "orig", "rcpt", "orcpt", "dsnaction",
        "dsnstatus", "dsndiag", "dsnmta", "bouncecat", "srctype", "srcmta", "dlvtype", "dlvsourceip",
        "dlvdestinationip", "dlvesmtpavailable", "dlvsize", "vmta", "jobid", "envid", "queue", "vmtapool",
        "userstring", "dlvtlsprotocol", "dlvtlscipher", "rcvsmtpuser", "rcvsourceip", "rcvdestinationip",
        "dsnreportingmta", "repsourceip", "feedbacktype", "format", "useragent", "reportingmta",
        "reporteddomain",
    }
)  # fmt: skip
"""Fields of accounting records, in lower case (User's Guide, 11.4)."""

_RECORD_NAMES = frozenset(RECORDS) | frozenset(RECORDS.values())

ACTIONS = frozenset({"skip-mx", "bounce-queue", "bounce-rcpt", "disable-source-ip", "defer-queue"})
TIMED_ACTIONS = frozenset({"backoff-to-normal-after", "reenable-after"})
DOMAIN_KEY = 3
"""Fields of a key."""

_DAILY = re.compile(r"\d+/(?:d|day)", re.IGNORECASE | re.ASCII)
_RESULT = re.compile(
    r'(?:(?:virtual-mta\s*=\s*(?:"[^"]+"|[^\s,]+)|recipient-priority=\d{1,3})(?:\s*,\s*(?=\w)|\Z))+|call-to:.+|<.*',
    re.IGNORECASE,
)
_ENDPOINT = re.compile(
    r"(lookup-mx:)?(?:\[(?:ipv6:)?([\w.*-]+|[\da-f.]*:[\da-f.:]+)\]|([\w.*-]+))(?::(\d{1,5}))?", re.IGNORECASE
)


def parts(text: str) -> list[str]:
    """The items of a comma list."""
    return [part.strip() for part in text.split(",")]


def actions(text: str) -> list[tuple[str, str]]:
    """The actions of a reply line as (name, value): `mode=backoff, skip-mx`. Blanks may stand for commas."""
    found = []
    for part in re.sub(r"\s*=\s*", "=", text).replace(",", " ").split():
        name, _, value = part.partition("=")
        found.append((name.lower(), value))
    return found


def is_action(name: str, value: str) -> bool:
    if name == "mode":
        return value.lower() in ("normal", "backoff")
    if name in TIMED_ACTIONS:
        return quantities.seconds(value) is not None or value.lower() == "never"
    return name in ACTIONS and not value


def _full(text: str) -> bool:
    return bool(text.strip())


def _none_empty(text: str) -> bool:
    return text == '""' or all(parts(text.rstrip().removesuffix(",")))


def endpoint(text: str) -> tuple[str, str, int | None] | None:
    """An entry of a host list as (`lookup-mx:` or "", host, port): `mx.example`, `[10.1.0.2]:26`, `[IPv6:2001::1]`."""
    found = _ENDPOINT.fullmatch(text)
    if found is None or (found[4] and not quantities.is_port(found[4])):
        return None
    return (found[1] or "").lower(), found[2] or found[3], int(found[4]) if found[4] else None


def _hosts(text: str) -> bool:
    """Whether all are hosts, addresses without brackets among them, which the guide does not print."""
    items = [item.strip() for item in re.split("[,;]", text.strip().strip('"'))]
    return all(not one or endpoint(one) or quantities.is_address(one) for one in items)


def _domains(text: str) -> bool:
    return bool(text.strip()) and all(not one or is_domain_pattern(one) for one in parts(text.strip('"')))


def _daily(text: str) -> bool:
    return text in ("0", "unlimited") or all(_DAILY.fullmatch(part) for part in parts(text))


def _durations(text: str) -> bool:
    return all(quantities.seconds(part) is not None for part in parts(text))


def _records(text: str) -> bool:
    return text == '""' or all(part.lower() in _RECORD_NAMES for part in re.split(r"[\s,]+", text.strip(" ,")))


def _actions(text: str) -> bool:
    return all(is_action(name, value) for name, value in actions(text))


@dataclass(frozen=True, slots=True)
class Rest:
    says: str
    accepts: Callable[[str], bool]


LISTS: dict[str, Rest] = {
    "actions": Rest("actions such as mode=backoff, between commas", _actions),
    "daily-limits": Rest("limits a day between commas (50/day,100/day)", _daily),
    "domain-key": Rest("SELECTOR,DOMAIN,FILE", lambda t: len(parts(t)) == DOMAIN_KEY),
    "domains": Rest("domains between commas", _domains),
    "durations": Rest("a time with its unit, or up to 30 between commas (10m,20m,1h)", _durations),
    "emails": Rest("e-mail addresses between commas", _none_empty),
    "fields": Rest("fields between commas", _none_empty),
    "headers": Rest("header names between commas", _none_empty),
    "hosts": Rest("hosts between commas (next preference after a semicolon)", _hosts),
    "names": Rest("names between commas", _none_empty),
    "queues": Rest("queues between commas", _none_empty),
    "records": Rest(f"record types between commas ({', '.join(RECORDS)})", _records),
    "result": Rest("virtual-mta=NAME, recipient-priority=0..100 or call-to:LIST", lambda t: bool(_RESULT.fullmatch(t))),
    "targets": Rest("targets between commas", _none_empty),
    "text": Rest("a text", _full),
}
