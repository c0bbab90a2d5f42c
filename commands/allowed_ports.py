"""Ports that may be checked: by default those of mail, else those of `PORTERO_PORTS`; and what is said of any other."""

from collections.abc import Collection

from commands.contract import UserError

DEFAULT_PORTS = (25, 465, 587, 2525)


def listed(allowed: Collection[int]) -> str:
    """The ports that may be named, in a sentence."""
    return f"Allowed ports: {', '.join(str(port) for port in sorted(allowed))}."


def refuse_port(port: int, allowed: Collection[int]) -> None:
    """Raises `UserError` for a port that is not among the allowed ones: the bot is no port scanner."""
    if port not in allowed:
        raise UserError(f"Port {port} is not checked here: this is a mail checker.", listed(allowed))
