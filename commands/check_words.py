"""The words for what stands as a code in a check (`portero.check/1`): verdicts, states of ports, states of TLS.

Here, because several slices show checks, and slices import no other.
"""

from collections.abc import Mapping

VERDICT_WORDS: Mapping[str, str] = {
    "ok": "works",
    "degraded": "works, with faults",
    "failed": "is not usable",
    "blocked_here": "is blocked on our side",
    "unknown": "could not be judged",
}

STATE_WORDS: Mapping[str, str] = {
    "open": "open",
    "refused": "refused",
    "no_answer": "no answer",
    "unreachable": "no route",
    "blocked_here": "blocked here",
    "forbidden": "not probed",
    "no_greeting": "silent",
    "incomplete_greeting": "half a greeting",
    "closed_before_greeting": "closed, no word",
    "reset_before_greeting": "reset, no word",
    "plain_on_tls_port": "plain SMTP",
    "tls_failed": "TLS failed",
    "not_smtp": "not SMTP",
    "unexpected_reply": "odd reply",
    "hijack_suspect": "another answers",
    "rate_limited": "busy (421)",
    "temp_refused": "not now (4xx)",
    "refused_by_policy": "refuses us (5xx)",
    "no_mail_service": "no mail (521)",
    "ehlo_name_rejected": "EHLO rejected",
    "ehlo_not_understood": "no EHLO",
    "no_ehlo_reply": "EHLO unanswered",
    "response_too_large": "flood",
    "tarpit": "tarpit",
    "tarpit_spamd": "tarpit (spamd)",
    "tls_required": "wants TLS first",
    "not_finished": "ran out of time",
    "held_up": "we were held up",
}

TLS_WORDS: Mapping[str, str] = {
    "not_offered": "not offered",
    "masked": "masked",
    "broken_temp": "454",
    "intercepted": "refused",
    "no_common_cipher": "no common cipher",
    "version": "wrong version",
    "sni_rejected": "name refused",
    "wants_certificate": "wants client's",
    "not_spoken": "no TLS",
}
