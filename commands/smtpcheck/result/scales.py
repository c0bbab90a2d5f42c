"""The scales on which a check is judged: how much a finding matters, where it belongs, whose side, what it comes to."""

from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """How much a finding matters to somebody who has to get mail through."""

    info = 0
    notice = 1
    warning = 2
    error = 3
    danger = 4


class Stage(StrEnum):
    """The part of the way that a state or finding belongs to, in the order in which a check passes it."""

    DNS = "dns"
    EGRESS = "egress"
    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    CERTIFICATE = "certificate"
    POLICY = "policy"


class Side(StrEnum):
    """Whose side a state or finding is on. What is ours never counts against a host."""

    TARGET = "target"
    OURS = "ours"
    BETWEEN = "between"
    UNKNOWN = "unknown"
    NOBODY = "nobody"


class Health(StrEnum):
    """What a port comes to, for verdict, availability, watches, history and metrics alike: see `health.WORTH`."""

    UP = "up"
    FAULTY = "faulty"
    DOWN = "down"
    AWAITED = "awaited"
    UNKNOWN = "unknown"
    BLOCKED_HERE = "blocked_here"
