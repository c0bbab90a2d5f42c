"""How far a session came, by what a log or a transcript shows of it: whoever was greeted is not blocked."""

import re
from enum import IntEnum


class Stage(IntEnum):
    """The last step of which there is a trace. `GREETED_LATE`: only once the client had spoken."""

    NOTHING = 0
    CONNECTED = 1
    REFUSED_AT_ONCE = 2
    GREETED_LATE = 3
    GREETED = 4
    ENCRYPTED = 5
    LOGGING_IN = 6
    LOGGED_IN = 7
    SENDER = 8
    RECIPIENT = 9
    CONTENT = 10


_TRACES: tuple[tuple[Stage, re.Pattern[str]], ...] = tuple(
    (stage, re.compile("|".join(patterns)))
    for stage, patterns in (
        (Stage.CONTENT, (r"\b354[ -]|end of data|\bafter data\b|end-of-data|data command",)),
        (
            Stage.RECIPIENT,
            (r"rcpt to\b", r"recipients? ?(?:were |was )?(?:refus|reject|not ?accept)", r"failed to add recipient"),
        ),
        (Stage.SENDER, (r"mail from:|after mail from|reply to mail from", r"sender ?(?:was )?(?:refus|not ?accept)")),
        (Stage.LOGGED_IN, (r"\b235[ -]|authentication succe",)),
        (
            Stage.LOGGING_IN,
            (
                r"\bauth (?:login|plain)\b[^\n]{0,80}\n|\.(?:login|auth)\(|\b334[ -]",
                r"\b(?:at|in|during|after|while) (?:the )?(?:login|auth|authenticat\w{2,4})\b",
            ),
        ),
        (
            Stage.ENCRYPTED,
            (r"\b220[ -][^\n]{0,40}(?:ready to start|begin|go ahead)", r"tls connection established|ssl connection us"),
        ),
        (Stage.GREETED_LATE, (r"(?:^|\n)\W{0,4}(?:quit|[eh][he]lo\b[^\n]{0,80})\s{0,3}\n\W{0,6}220[ -]",)),
        (
            Stage.GREETED,
            (
                r"\b220[ -][^\n]{0,80}\be?smtp\b",
                r"\b250-(?:size|auth|8bitmime|starttls|pipelining)",
                r"(?<!no )(?<!without )\b(?:banner|saludo)\b",
            ),
        ),
        (Stage.REFUSED_AT_ONCE, (r"refused to talk to me|smtpconnecterror|(?:bad|invalid|incorrect) greeting",)),
        (
            Stage.CONNECTED,
            (
                r"\bconnected to\b|connected\(0|connection:? (?:established|opened)|acquired socket|\bsucceeded!",
                r"\bgetreply\b|_sslobj\.read|\breadresponse\b|\breadserverresponse\b",
                r"tcptestsucceeded\W{1,6}true|\d is reachable|\btest-netconnection\b[^\n]{0,80}\bsucce",
                (
                    r"\b(?:telnet|openssl|s_client|nc|netcat|ncat)\b[^\n,]{0,60}"
                    r"\b(?:works?|connects|funciona|conecta|says open|shows open|is (?:fine|ok))\b"
                ),
            ),
        ),
    )
)
"""The traces of each step, the last one first."""


_ANY = re.compile(
    r"220|235|250|334|354|login|auth|getreply|_sslobj|response|connect(?:ed|ion)|socket|succe|reachable|telnet|openssl|s_client|\bnc\b|ncat"
    r"|mail from|rcpt|data|recipient|sender|greeting|banner|saludo|refused to|established"
)
"""One word of each trace: most texts have none."""


def stage_of(text: str) -> Stage:
    """The last step of which a text in lower case shows a trace."""
    if _ANY.search(text) is None:
        return Stage.NOTHING
    return next((stage for stage, pattern in _TRACES if pattern.search(text)), Stage.NOTHING)


_OFFERED = re.compile(r"250[ -]starttls")
_BEGUN = re.compile(
    r"\b220[ -][^\n]{0,40}(?:ready to start|begin|go ahead)|(?:send|wrote|client -> server|->|>)\W{1,4}starttls"
)


def leaves_tls(text: str) -> bool:
    """Whether a server offered STARTTLS in a transcript in lower case and the client did not take it."""
    return "starttls" in text and _OFFERED.search(text) is not None and _BEGUN.search(text) is None
