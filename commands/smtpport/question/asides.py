"""Names that are only mentioned: who works beside who fails, and the service that is itself the client."""

from collections.abc import Sequence
from dataclasses import replace

from commands.smtpport.question.lexicon import Meaning
from commands.smtpport.question.spans import Span


def without_asides(spans: Sequence[Span]) -> list[Span]:
    """The spans without what is only mentioned: `gmail works, icloud does not` is about iCloud.

    Of "send mail as", with which Google sends by another server, Google is the client.
    """
    kept = _without_clients(spans) if any(span.means("send_as") for span in spans) else list(spans)
    fine = {span.clause for span in kept if span.means("works", "no_trouble")}
    fine -= {span.clause for span in kept if span.means("failed")} | _questions(kept)
    if any(span.clause not in fine for span in kept):
        kept = [span for span in kept if span.clause not in fine or not _is_home(span)]
    if not (_named(kept, fine) and _named(kept, {span.clause for span in kept} - fine) - _named(kept, fine)):
        return kept
    return [span for span in kept if span.clause not in fine or not (span.port or _key_of(span))]


def _is_home(span: Span) -> bool:
    return any(it[:2] == ("network", "residential") for it in span.meanings)


def _questions(spans: Sequence[Span]) -> set[int]:
    """The clauses that ask: `does gmail work`."""
    first = {span.clause: span for span in reversed(spans)}
    return {clause for clause, span in first.items() if span.means("asking")}


def _without_clients(spans: Sequence[Span]) -> list[Span]:
    """Without Google where another server is named: it asks for that one."""
    others = any(span.host or (span.means("mail_server", "provider") and not _is_client(span)) for span in spans)
    return [replace(span, meanings=_SAID) if others and _is_client(span) else span for span in spans]


def _is_client(span: Span) -> bool:
    return not span.host and any(it[:2] == ("provider", _CLIENT) for it in span.meanings)


_SAID = (Meaning("filler", ""),)


_CLIENT = "gmail"


def _named(spans: Sequence[Span], clauses: set[int]) -> set[str]:
    return {_key_of(span) for span in spans if span.clause in clauses} - {""}


def _key_of(span: Span) -> str:
    """The provider that a name stands for and nothing else does."""
    if span.means("network"):
        return ""
    return next((it.value for it in span.meanings if it.slot == "provider" and not it.weak), "")
