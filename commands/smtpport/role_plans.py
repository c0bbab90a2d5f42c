"""Roles whose ports no provider decides: what the protocol or the custom says. Data only."""

from dataclasses import dataclass, field

from commands.smtpport.catalogue import standards as s
from commands.smtpport.catalogue.records import Source, Tls

Sources = tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Choices as (port, TLS mode, claim, sources), best first; ports to avoid as (port, claim, sources)."""

    choices: tuple[tuple[int, Tls, str, Sources], ...]
    reasons: tuple[tuple[str, Sources], ...] = ()
    avoid: tuple[tuple[int, str, Sources], ...] = ()
    inbound: bool = field(default=False)


RELAY = Plan(
    choices=((25, "starttls", "relay_25", (s.RFC_5321, s.RFC_8314_7_3)),),
    reasons=(
        ("relay_tls", (s.RFC_3207_4, s.RFC_8461, s.RFC_7672)),
        ("relay_blocked_elsewhere", (s.RFC_8314_7_3,)),
        ("relay_apps", (s.RFC_6409_3_1,)),
    ),
    avoid=((587, "not_for_relay", (s.RFC_6409_3_1,)), (465, "not_for_relay", (s.RFC_8314_3_3,))),
)

PLANS = {
    "receive": Plan(
        choices=((25, "starttls", "receive_25", (s.RFC_5321, s.RFC_8314_7_3)),),
        reasons=(
            ("receive_bounces", (s.RFC_3464, s.RFC_5321)),
            ("receive_fbl", (s.RFC_5965,)),
            ("relay_tls", (s.RFC_3207_4,)),
        ),
        avoid=((587, "no_mx_there", (s.RFC_8314_7_3,)), (465, "no_mx_there", (s.RFC_8314_7_3,))),
        inbound=True,
    ),
    "listener": Plan(
        choices=(
            (25, "starttls", "listen_25", (s.RFC_5321, s.POWERMTA)),
            (587, "starttls", "listen_587", (s.RFC_6409_3_1, s.RFC_6409_4_3)),
            (465, "implicit", "listen_465", (s.RFC_8314_3_3,)),
        ),
        reasons=(("listen_any", (s.POWERMTA,)), ("listen_relaying", (s.POWERMTA_RELAYING,))),
        inbound=True,
    ),
    "local": Plan(
        choices=(
            (1025, "none", "local_1025", (s.MAILPIT,)),
            (8025, "none", "local_8025", (s.AIOSMTPD,)),
        ),
        avoid=((25, "local_25", (s.RFC_5321,)),),
    ),
    "lmtp": Plan(
        choices=((24, "none", "lmtp_24", (s.IANA, s.POSTFIX_LMTP)),),
        reasons=(("lmtp_socket", (s.RFC_2033,)),),
        avoid=((25, "lmtp_25", (s.RFC_2033,)),),
    ),
    "reading": Plan(
        choices=(
            (993, "implicit", "reading_993", (s.IANA, s.RFC_8314_3)),
            (995, "implicit", "reading_995", (s.IANA, s.RFC_8314_3)),
        ),
        reasons=(("reading_not_smtp", (s.RFC_8314_3,)),),
        inbound=True,
    ),
}
