"""What to look at on a machine whose ports do not work, by what was seen of them from outside. Data, and its reader.

Only what was seen decides; where that tells little, the log of the mail server at the time when it began does.
"""

import re
from collections.abc import Iterable, Mapping

HINTS: Mapping[str, str] = {
    "refused": "whether the mail server runs and listens (`ss -ltnp`), its log, and whether the firewall rejects us",
    "no_answer|unreachable|rejected": (
        "whether it is up and on the network (`ip addr`, `ip route`), and with `tcpdump` on the port whether our "
        "packets arrive: if not, a firewall in front of it drops them"
    ),
    r"\w+_greeting|no_ehlo_reply|tarpit\w*": (
        "the mail server's log, its load, how many connections it has (`ss -tn`), and what it asks before it answers: "
        "DNS, a milter, a policy service"
    ),
    r"rate_limited|temp_refused|refused_by_policy|ehlo_\w+|unexpected_reply|no_mail_service": (
        "what its log says of our connection, for it answers and refuses us; then disk space (`df`), policy services"
    ),
    r"cert_\w+": "which certificate file is set, whether it was renewed, and whether the server was reloaded since",
    r"\w*tls\w*": "the certificate and the key that are set (readable, fitting each other), and its log",
    "auth_not_offered": "the login service behind it (SASL, Dovecot), and the mail server's log",
    r"dns_\w+|mx_\w+": "the name servers of the domain, and whether its records are still there",
    "blocked": "nothing there: our own network lets the port out no more, so ask whoever runs its firewall",
}
"""By a pattern of codes what to look at; the first that fits counts."""

ELSE = "the mail server's log at the time when it began"


def hints(failing: Iterable[str]) -> list[str]:
    """Of what is broken (codes of `observation`), each once."""
    return list(dict.fromkeys(_hint(code.partition(" ")[0]) for code in failing)) or [ELSE]


def _hint(state: str) -> str:
    return next((hint for pattern, hint in HINTS.items() if re.fullmatch(pattern, state)), ELSE)
