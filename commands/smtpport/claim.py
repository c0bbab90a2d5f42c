"""A single statement of an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from commands.smtpport.catalogue.records import Source


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement. The sentence is made in `phrases`, from the code and the parameters."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()


def listed(ports: Iterable[int]) -> str:
    """Ports as a parameter; `model` puts the "and" of the language. 0 stands for all that are not named."""
    return ", ".join(str(port) if port else "all others" for port in ports)
