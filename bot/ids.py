"""The names that Portero gives: random, so that nobody guesses one."""

import secrets
from datetime import datetime

ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_id(now: datetime) -> str:
    """Sorts by time, cannot be guessed: milliseconds since 1970 in hex, then 64 random bits."""
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(8)}"


def new_watch_id() -> str:
    """Short enough to type, from letters that nobody confuses: 28 million of them."""
    return "w-" + "".join(secrets.choice(ID_LETTERS) for _ in range(5))
