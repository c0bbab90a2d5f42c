"""One reply, read: what an EHLO reply offers, and whether its pieces came as a tarpit sends them. Pure.

Rule: any text gives an answer; what is odd is normalised, what is too much is cut (`EXTENSION_LIMIT`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from commands.smtpcheck.wire.record import Step

EXTENSION_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Extensions:
    """What an EHLO reply offers: keyword with its parameters, upper case; login mechanisms apart."""

    keywords: Mapping[str, str]
    auth: tuple[str, ...]

    def lines(self) -> list[str]:
        return [f"{keyword} {parameters}".strip() for keyword, parameters in self.keywords.items()]


NOTHING = Extensions({}, ())

DRIP_MS, DRIPS = 1000.0, 3


CRAWL_PAUSES, CRAWL_PAUSE_MS, CRAWL_MS, CRAWL_RATE = 10, 50.0, 10_000.0, 20.0
"""A tarpit pauses often, too, when it pauses for less than a second: so many times, and so few octets a second."""


def drips(times_ms: Sequence[float], octets: int) -> bool:
    """Whether these pieces of one reply came as a tarpit sends them.

    At least three pauses of a second or more; or ten shorter ones and less than 20 octets a second over ten seconds.
    """
    pauses = [later - sooner for sooner, later in pairwise(times_ms)]
    if sum(pause >= DRIP_MS for pause in pauses) >= DRIPS:
        return True
    often = sum(pause >= CRAWL_PAUSE_MS for pause in pauses) >= CRAWL_PAUSES
    return often and sum(pauses) > CRAWL_MS and octets < CRAWL_RATE * sum(pauses) / 1000


def read_extensions(step: Step | None) -> Extensions:
    """Parse an EHLO reply (RFC 5321 section 4.1.1.1), with the old `AUTH=LOGIN` form; odd case and blanks included."""
    if step is None or step.code is None or step.code >= 300:
        return NOTHING
    keywords: dict[str, str] = {}
    auth: dict[str, None] = {}
    for line in step.text.split("\n")[1 : EXTENSION_LIMIT + 1]:
        keyword, _, parameters = (
            line.strip().replace("=", " ", 1).partition(" ") if _is_old_auth(line) else _split(line)
        )
        if not keyword:
            continue
        if keyword.upper() == "AUTH":
            auth.update(dict.fromkeys(parameters.upper().split()))
            parameters = " ".join(auth)
        keywords[keyword.upper()] = " ".join(parameters.split())
    return Extensions(keywords, tuple(auth))


def _is_old_auth(line: str) -> bool:
    return line.strip().upper().startswith("AUTH=")


def _split(line: str) -> tuple[str, str, str]:
    words = line.split(None, 1)
    return (words[0] if words else ""), " ", (words[1] if len(words) > 1 else "")
