"""What a diagnosis says: whose side it is on, and what it means for the port."""

from enum import StrEnum
from typing import Literal, NamedTuple, TypeAlias

Fault: TypeAlias = Literal["you", "network", "server", "nobody", "unknown"]
"""Whose side it is on: of whoever asks, of what lies between, of the server; "unknown" where it may be any."""


class Effect(StrEnum):
    """What a symptom says of the port."""

    NOT_THE_PORT = "not_the_port"
    SETTING = "setting"
    MODE = "mode"
    OTHER_PORT = "other_port"


NOT_THE_PORT, SETTING, MODE, OTHER_PORT = Effect
"""Another port does not help; the port may stay, something beside it is set wrong; port and TLS mode belong together;
this port was tried in vain."""


class Fact(NamedTuple):
    """What is known of a diagnosis by its code."""

    side: Fault
    effect: Effect
