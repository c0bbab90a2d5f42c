"""What another machine of ours reaches, where a network seems not to let a port out: it, or the control hosts?"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from commands.contract import DeclinedError
from commands.smtpcheck.network.probe import OutgoingState
from commands.smtpcheck.stored.document import Document
from storage.entries import LOCAL

SECONDS = 15.0
"""How long it may keep the answer: control hosts are given up after less."""

OUT = frozenset({OutgoingState.OPEN, OutgoingState.UNCLEAR})
SHUT = frozenset({OutgoingState.BLOCKED, OutgoingState.INTERCEPTED})


def doubtful_ports(document: Document) -> list[int]:
    """The ports that control hosts were tried on in vain."""
    return [port["port"] for port in document["ports"] if port["state"] in SHUT or _is_tried_in_vain(port)]


def _is_tried_in_vain(port: Document) -> bool:
    """Too few control hosts to say that it is blocked, and those did not answer."""
    tried = any(each["outcome"] != "not_tried" for each in port["controls"])
    return bool(port["state"] == OutgoingState.UNKNOWN and tried)


async def seen_elsewhere(
    document: Document, places: Sequence[str], look: Callable[[str, Sequence[int]], Awaitable[Document]]
) -> str:
    """A sentence about the doubtful ports; nothing where there is no other place, or where it cannot tell."""
    here = str(document["vantage"]).partition("/")[0]
    place = next((name for name in places if name != here), "")
    if not place:
        return ""
    try:
        async with asyncio.timeout(SECONDS):
            return compared(document, await look(place, doubtful_ports(document)))
    except (DeclinedError, TimeoutError):
        return ""


def compared(document: Document, there: Document) -> str:
    """What the other place says of these ports. Plain text; pure."""
    states = {port["port"]: port["state"] for port in there["ports"]}
    out = [port for port, state in states.items() if state in OUT]
    shut = [port for port, state in states.items() if state in SHUT]
    here = "our own network" if document["vantage"] == LOCAL else f"the network of {document['vantage']}"
    said = [
        f"From {there['vantage']} the control hosts answer on {_listed(out)}: likely {here}." if out else "",
        f"From {there['vantage']} they do not answer on {_listed(shut)} either: its network is like that, too, or they "
        "are down."
        if shut
        else "",
    ]
    return " ".join(filter(None, said))


def _listed(ports: Sequence[int]) -> str:
    return ", ".join(map(str, sorted(ports)))
