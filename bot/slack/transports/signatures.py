"""Slack's signature of a request (docs.slack.dev, verifying-requests-from-slack), checked before anything is read.

Total: headers and bodies come from anybody.
"""

import hashlib
import hmac
import re

AGE = 300.0
"""Seconds that a request may be old, or ahead of our clock."""

_STAMP = re.compile(r"[0-9]{1,11}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


def is_shaped(timestamp: str, signature: str) -> bool:
    """Whether they look like Slack's: one that does and is wrong may come of a wrong secret or a wrong clock."""
    return bool(_STAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature))


def is_genuine(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether somebody who knows the secret signed the body lately; `now` is in seconds since 1970."""
    if not is_shaped(timestamp, signature) or abs(now - int(timestamp)) > AGE:
        return False
    made = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v0={made}", signature)
