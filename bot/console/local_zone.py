"""In which time zone people at this terminal type times. What is shown is in UTC."""

from pathlib import Path


def zone_of_machine() -> str:
    """The IANA name of this machine's time zone; "" where it is not known."""
    return Path("/etc/localtime").resolve().as_posix().partition("zoneinfo/")[2]
