"""What an answer is made of: statements, ports to use and to avoid. Codes, catalogue rows and sources only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from commands.smtpport.catalogue.records import Network, Provider, Source, Tls
from commands.smtpport.evidence.effects import Fault
from commands.smtpport.question.asked import Question

Params: TypeAlias = Mapping[str, int | str | tuple[int, ...] | tuple[str, ...] | None]
"""Numbers, hosts, codes, and rows of the catalogue by their key; 0 among `ports` is all that are not named."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement. The sentence is made in `document`, from the code and the parameters."""

    code: str
    params: Params = field(default_factory=dict)
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A port to use, the TLS mode to set, and why it stands where it stands.

    `host` is another one than that of the answer; not `sure`: it is not known to work, or to get out of the network.
    """

    port: int
    tls: Tls
    reason: Claim
    host: str | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Avoided:
    """A port not to use, and why."""

    port: int
    reason: Claim


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a pasted error means: a code of `evidence.symptoms` or a meaning of a reply, and the words' parameters.

    Another port is part of the answer where `port_problem` says so. `advises`: a port is recommended at all. Not
    `sure`: it rests on somebody's words, and is said as one reading of them; `undecided`: it is one among several.
    """

    code: str
    side: Fault
    port_problem: bool
    advises: bool
    params: Params = field(default_factory=dict)
    sure: bool = True
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """The answer. `recommended` is None when every port that could serve is closed to the asker, or none is at fault.

    `provider` is the service to hand the mail to, if it is known; `about` are ports to tell about. A `conditional`
    answer is for those whom the network's `condition` concerns: for the others it is `otherwise`.
    """

    question: Question
    provider: Provider | None
    network: Network | None
    recommended: Choice | None
    fallbacks: tuple[Choice, ...]
    avoid: tuple[Avoided, ...]
    reasons: tuple[Claim, ...]
    about: tuple[int, ...] = ()
    conditional: bool = False
    otherwise: Choice | None = None
    diagnosis: Diagnosis | None = None
