"""Everything that two results differ in, for whoever sets them side by side. Pure.

Beside what `changes` tells: the ports that only one of two checks looked at, and the findings that only one has. They
may be why the verdicts differ, and are no change of the host.
"""

from collections.abc import Iterator

from commands.history.changes import Change, Document, changes
from commands.smtpcheck.result.document import endpoints
from commands.smtpcheck.result.sentences.choice import message_of

SILENT = frozenset({"ok", "info"})
"""Severities of findings that are no news."""


def differences(kind: str, before: Document, after: Document) -> list[Change]:
    """What changed, then what else is different in `after`."""
    found = changes(kind, before, after)
    return [*found, *_asked(before, after), *_findings(before, after)] if kind == "check" else found


def _asked(before: Document, after: Document) -> Iterator[Change]:
    """By port the state that one check saw; None stands for the other, which did not look."""
    old, new = endpoints(before), endpoints(after)
    both = {host for host, _ in old} & {host for host, _ in new}
    for key in sorted(old.keys() ^ new.keys(), key=lambda key: key[::-1]):
        if key[0] in both:
            states = (side[key]["state"] if key in side else None for side in (old, new))
            yield Change("asked", _place(key, before, after), *states)


def _findings(before: Document, after: Document) -> Iterator[Change]:
    """By place and code the message of the result that has it; None stands for the other."""
    old, new = _by_place(before), _by_place(after)
    for host, port, code in sorted(old.keys() ^ new.keys(), key=lambda key: (key[1], key[0], key[2])):
        key = host, port, code
        yield Change("found", _place((host, port), before, after), old.get(key), new.get(key))


def _by_place(document: Document) -> dict[tuple[str, int, str], str]:
    """Messages by host, port and code; what concerns the target as a whole has no host and port 0."""
    parts = [("", 0, document)]
    parts += [(str(each["host"]), int(each["port"]), each) for each in document.get("endpoints", ())]
    return {
        (host, port, str(finding.get("code"))): message_of(finding)
        for host, port, part in parts
        for finding in part.get("findings", ())
        if finding.get("severity") not in SILENT
    }


def _place(key: tuple[str, int], *documents: Document) -> str:
    """`587`, with its host where the two results have several."""
    host, port = key
    hosts = {each for document in documents for each, _ in endpoints(document)}
    return f"{port} {host}" if port and len(hosts) > 1 else str(port or "")
