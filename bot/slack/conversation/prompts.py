"""What Slack suggests somebody to write to Portero: what fits where they are and what they did. Pure.

At most four prompts. Each is understood (`tests/app/test_greeting.py`), and what its button writes is what it says.
"""

from collections.abc import Sequence

MOST = 4
TITLE = "Write a host, or try one of these"

ALWAYS = (
    ("Which ports get out of our network?", "check our network"),
    ("Which port for Gmail?", "which port for gmail"),
    ("What is down?", "what is down"),
    ("What can you do?", "help"),
)
"""Title and message: of somebody of whom nothing is known, and in the manifest."""


def prompts(down: Sequence[str], last: str) -> list[dict[str, str]]:
    """`down` are hosts whose watches have an incident, `last` is the host that they asked of last."""
    found = [(f"Check {host} again: it is down", f"check {host}") for host in down[:1]]
    if last and last not in down[:1]:
        found.append((f"Check {last} again", f"check {last}"))
    if last:
        found.append((f"What changed at {last}?", f"changes {last}"))
    return [{"title": title[:TITLE_CHARACTERS], "message": message} for title, message in (*found, *ALWAYS)][:MOST]


TITLE_CHARACTERS = 75
