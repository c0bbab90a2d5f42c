"""How much each finding of an endpoint weighs. Data only."""

from collections.abc import Mapping

from commands.smtpcheck.model import Severity

SEVERITIES: Mapping[str, Severity] = {
    "refused": Severity.info,
    "no_answer": Severity.warning,
    "unreachable": Severity.warning,
    "forbidden": Severity.error,
    "not_finished": Severity.notice,
    "held_up": Severity.notice,
    "blocked_here": Severity.error,
    "no_greeting": Severity.warning,
    "incomplete_greeting": Severity.warning,
    "greeting_awaited": Severity.notice,
    "rate_limited": Severity.warning,
    "temp_refused": Severity.warning,
    "tarpit": Severity.warning,
    "tarpit_spamd": Severity.warning,
    "exchange_hint": Severity.info,
    "slow_greeting": Severity.notice,
    "bare_line_feed": Severity.notice,
    "long_line": Severity.notice,
    "greeting_without_name": Severity.notice,
    "mixed_codes": Severity.notice,
    "odd_reply_line": Severity.notice,
    "starttls_after_tls": Severity.notice,
    "auth_not_offered": Severity.notice,
    "auth_before_tls": Severity.warning,
    "middlebox_cisco": Severity.warning,
    "implicit_tls": Severity.warning,
    "legacy_helo_only": Severity.warning,
    "legacy_tls": Severity.warning,
    "proxy_commands_offered": Severity.warning,
    "protocol_violation": Severity.warning,
    "response_injection": Severity.danger,
    "starttls_not_offered": Severity.error,
    "starttls_masked": Severity.error,
    "starttls_intercepted": Severity.error,
    "cert_expires_soon": Severity.warning,
    "cert_expires_in_weeks": Severity.notice,
}
"""What is not named here is an error. On port 25 certificates and a missing STARTTLS weigh less: see `ON_RELAY`."""

ON_RELAY: Mapping[str, Severity] = {
    "starttls_not_offered": Severity.warning,
    "sni_rejected": Severity.warning,
    "implicit_tls": Severity.error,
    "auth_not_offered": Severity.info,
}
