"""A file of hosts, read: on each line what `/smtpcheck` understands; `#` begins a comment. Pure."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from commands.contract import UserError
from commands.smtpcheck.arguments import FROM, Arguments, parse_network, parse_several, typed
from commands.smtpcheck.places.asking import ALL
from storage.entries import LOCAL

MOST_BYTES = 1024 * 1024
MOST_ON_A_LINE = 100

UTF_16 = (BOM_UTF16_LE, BOM_UTF16_BE)
"""How a file begins that PowerShell has written."""

_COMMENT = re.compile(r"(?:^|\s)#.*")


@dataclass(frozen=True, slots=True)
class HostLine:
    """A check that a line asks for. `asked` names it in results: how it is typed."""

    number: int
    asked: str
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that asks for nothing that can be done. `text` is what was typed there."""

    number: int
    text: str
    error: UserError


def read_lines(content: bytes, ports: Collection[int], default: Arguments) -> tuple[list[HostLine], list[BadLine]]:
    """The checks, each once, and the lines that are none. `default` has what holds where a line says nothing of it."""
    found: dict[str, HostLine] = {}
    bad = []
    encoding = "utf-16" if content.startswith(UTF_16) else "utf-8-sig"
    for number, line in enumerate(content.decode(encoding, "replace").splitlines(), start=1):
        text = _COMMENT.sub("", line).strip()
        try:
            for one in _checks(text, ports, default):
                asked = _typed(one)
                found.setdefault(asked, HostLine(number, asked, one))
        except UserError as error:
            bad.append(BadLine(number, text, error))
    return list(found.values()), bad


def _checks(text: str, ports: Collection[int], default: Arguments) -> Iterator[Arguments]:
    if parse_network(text, ports) is not None:
        raise UserError("Our own network is not a host.", "portero check --network")
    for one in parse_several(text, ports, ("deep",), most=MOST_ON_A_LINE):
        vantage = one.vantage if FROM in text.lower().split() else default.vantage
        if vantage == ALL:
            raise UserError(
                "From all places one host is checked at a time.", f"portero check {one.target.name} --from all"
            )
        yield replace(one, ports=one.ports or default.ports, flags=one.flags | default.flags, vantage=vantage)


def _typed(one: Arguments) -> str:
    return typed([one]) + (f" from {one.vantage}" if one.vantage != LOCAL else "")
