"""The one place that keeps an answer from saying two things. Pure: `Advice` in, `Advice` out.

Where the first line settles the port, none is advised that goes against it.
"""

from collections.abc import Sequence
from dataclasses import replace

from commands.smtpport.answer import Advice, Choice
from commands.smtpport.catalogue.records import state_of
from commands.smtpport.evidence.effects import Effect
from commands.smtpport.evidence.peers import SMTP
from commands.smtpport.evidence.situations import situations
from commands.smtpport.evidence.symptoms import Symptom, effect_of


def without_contradictions(found: Advice) -> Advice:
    """The advice without ports that its diagnosis, or what the asker saw, rules out."""
    if _is_told_where_mail_goes(found):
        return _with_ports(replace(found, avoid=(), otherwise=None, conditional=False), [])
    found = _without_barred(found)
    choices = [it for it in (found.recommended, *found.fallbacks) if it is not None]
    kept = [choice for choice in choices if not _is_ruled_out(found, choice)]
    if len(kept) == len(choices) or (found.recommended is None and not kept):
        return found
    return _with_ports(found, kept)


def _with_ports(found: Advice, kept: Sequence[Choice]) -> Advice:
    """The advice with no other ports than these, and without what speaks for one that was the first."""
    spoken = found.recommended.reason if found.recommended and found.recommended not in kept else None
    why = tuple(claim for claim in found.reasons if claim != spoken)
    why = (kept[0].reason, *why) if spoken and kept else why
    return replace(found, recommended=kept[0] if kept else None, fallbacks=tuple(kept[1:]), reasons=why)


def _without_barred(found: Advice) -> Advice:
    """The advice in which no port of the provider is to be avoided for what the web host does to all of them."""
    codes = {found.diagnosis.code if found.diagnosis else "", *(claim.code for claim in found.reasons)}
    if found.provider is None or codes.isdisjoint(_BARRED):
        return found
    offered = {offer.port for offer in found.provider.offers if offer.sure} - {SMTP}
    return replace(found, avoid=tuple(it for it in found.avoid if it.port not in offered))


_BARRED = frozenset({"host_bars", "host_bars_others"})


def _is_told_where_mail_goes(found: Advice) -> bool:
    """Whether a question about delivery was answered: it stays on 25, and nobody said that 25 is closed."""
    asked = found.question
    row = situations().get(found.diagnosis.code) if found.diagnosis else None
    is_closed = SMTP in asked.tried or asked.blocks or state_of(found.network, SMTP) in {"blocked", "limited"}
    is_other = found.recommended is not None and found.recommended.port != SMTP
    return row is not None and row.general and asked.role == "relay" and is_other and not is_closed


def _is_ruled_out(found: Advice, choice: Choice) -> bool:
    """Whether a client cannot speak the mode of a choice, or its port is the one that fails there."""
    code = found.diagnosis.code if found.diagnosis else ""
    if code in _STARTTLS_ALONE and choice.tls == "implicit":
        return True
    is_failing = effect_of(code) is Effect.OTHER_PORT or not code
    return is_failing and choice.port in found.question.tried and choice.host is None


_STARTTLS_ALONE = frozenset({Symptom.NO_IMPLICIT_TLS, Symptom.STARTTLS_ONLY})
