"""The hosts that somebody's message is about: in its sentences, in `Received` lines, in lines of logs. Pure, and total.

Of headers only `Received` lines count, with who handed over and who took it (RFC 5321 section 4.4): a header names many
domains that are no mail hosts. Of a log line the time, the machine that wrote it and the recipient are left out. The
domain of a mail address and the host of a web page count where nothing else is named.
"""

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from bot.slack.conversation.sentence.hosts import hosts_in
from commands.contract import UserError
from commands.smtpcheck.address.target import Target, parse_target
from commands.smtpport.evidence.log_lines import take_log_lines
from commands.smtpport.question.lexicon import is_host

MOST = 50
"""Hosts that are counted."""

LONGEST = 8_000
"""Characters that are read, in a tenth of a second at most."""

_RECEIVED = re.compile(r"^[>|\s]*received:[ \t]*(.*(?:\n[>|]*[ \t]+.*)*)", re.IGNORECASE | re.MULTILINE)
_HANDED_OVER = re.compile(r"\bfrom\s+(\S{1,255})((?:\s*\([^()]{0,300}\)){0,3})", re.IGNORECASE)
_TAKEN = re.compile(r"\bby\s+(\S{1,255})", re.IGNORECASE)
_PART = re.compile(r"[a-z0-9](?:[\w.:-]*[a-z0-9])?", re.IGNORECASE)
_BESIDE_NAME = re.compile(r"((?:[\w-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,23})\.? ?[\[(](?:ipv6:)?[0-9a-f.:]{3,45}[\])]")
"""A host with its address behind it, as logs write it: they are one."""

_OWN = re.compile(r"localhost|.*\.(?:local|localhost|localdomain|lan|home|internal|intranet|private|corp|test|invalid)")
"""Names that are of nobody's public DNS (RFC 6761, RFC 6762 appendix G)."""


def hosts_of(text: str) -> list[str]:
    """Names and addresses in the order in which they stand there, each once."""
    read = text[:LONGEST]
    received = [match[1] for match in _RECEIVED.finditer(read)]
    if received:
        return list(dict.fromkeys(_of_hops(received)))
    written = read.lower()
    for said in (take_log_lines(written), written):
        found = hosts_in(_BESIDE_NAME.sub(r"\1", said), most=MOST, longest=LONGEST)
        named = [target for target in found if target.kind != "domain"] or found
        if named:
            return [target.name for target in named if not _OWN.fullmatch(target.name)]
    return []


def _of_hops(received: Iterable[str]) -> Iterator[str]:
    """Of each hop who handed over, by the name that was looked up where one stands there, and who took it."""
    for line in received:
        handed_over, taken = _HANDED_OVER.search(line), _TAKEN.search(line)
        if handed_over is not None:
            yield from _best([*_PART.findall(handed_over[2]), handed_over[1]])
        if taken is not None:
            yield from _best([taken[1]], addressed=False)


def _best(words: Iterable[str], *, addressed: bool = True) -> Iterator[str]:
    """The first that is called as hosts are; else the first public address. Some write ids of their own behind `by`."""
    found = [target for word in words if (target := _target(word)) is not None]
    names = [target.name for target in found if target.kind != "address" and is_host(target.name)]
    addresses = [target.name for target in found if target.kind == "address" and ip_address(target.name).is_global]
    named = [*names, *(addresses if addressed else [])]
    yield from [name for name in named if not _OWN.fullmatch(name)][:1]


def _target(word: str) -> Target | None:
    try:
        return parse_target(word.strip("[]();,"))
    except UserError:
        return None
