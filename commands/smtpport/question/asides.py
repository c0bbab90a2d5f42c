"""Names that are only mentioned: who works beside who fails, and the service that is itself the client."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from commands.smtpport.catalogue.lookup import provider, provider_of_host
from commands.smtpport.question.lexicon import Meaning
from commands.smtpport.question.roles import MAIL_SOFTWARE, has_app
from commands.smtpport.question.spans import Span


def without_asides(spans: Sequence[Span]) -> list[Span]:
    """The spans without what is only mentioned: `gmail works, icloud does not` is about iCloud.

    Of "send mail as", with which Google sends by another server, Google is the client.
    """
    kept = _without_clients(spans) if any(span.means("send_as") for span in spans) else list(spans)
    kept = _without_recipients(_without_denied(kept))
    fine = {span.clause for span in kept if span.means("works", "no_trouble")}
    fine -= {span.clause for span in kept if span.means("failed")} | _questions(kept)
    if any(span.clause not in fine for span in kept):
        kept = [span for span in kept if span.clause not in fine or not _is_home(span)]
    if not (_named(kept, fine) and _named(kept, {span.clause for span in kept} - fine) - _named(kept, fine)):
        return kept
    return [span for span in kept if span.clause not in fine or not (span.port or _key_of(span))]


def _without_denied(spans: Sequence[Span]) -> list[Span]:
    """Without names of which it is said that they are not there: `no m365 involved`."""
    denied = {after for before, after in pairwise(range(len(spans))) if spans[before].text in _DENYING}
    return [
        replace(span, meanings=_SAID) if place in denied and span.means("provider") and not span.port else span
        for place, span in enumerate(spans)
    ]


_DENYING = frozenset({"no", "not", "without", "sin", "kein", "keine", "nor", "neither", "ni", "ohne"})


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


def _without_recipients(spans: Sequence[Span]) -> list[Span]:
    """Without mailbox providers of which only users or addresses are spoken of, where another server takes the mail."""
    mentioned = {index for index, span in enumerate(spans) if _is_mailbox(span) and _is_mention(spans, index)}
    others = [span for index, span in enumerate(spans) if index not in mentioned and _takes_mail(span)]
    if not (mentioned and others):
        return list(spans)
    return [replace(span, meanings=_SAID) if index in mentioned else span for index, span in enumerate(spans)]


def _is_mention(spans: Sequence[Span], index: int) -> bool:
    """Whether people with mailboxes there are meant, or the app of a provider: `our gmail users`, `mail to gmail`."""
    following = spans[index + 1].text if index + 1 < len(spans) else ""
    before = [span.text for span in spans[max(0, index - 3) : index]]
    is_goal = before[-1:] in (["at"], ["to"], ["for"], ["a"], ["an"]) and not _MAIL.isdisjoint(before[:-1])
    return following in _OF_MAILBOXES or (is_goal and has_app(spans))


def _takes_mail(span: Span) -> bool:
    is_stranger = span.host and not provider_of_host(span.text)
    named = {it.value for it in span.meanings if it.slot == "software"}
    return is_stranger or span.means("mail_server", "provider") or not MAIL_SOFTWARE.isdisjoint(named)


def _is_mailbox(span: Span) -> bool:
    row = provider(_key_of(span))
    return row is not None and row.kind == "mailbox" and "." not in span.text


_OF_MAILBOXES = frozenset(
    {"addresses", "users", "accounts", "recipients", "app", "inbox", "inboxes", "contacts", "customers", "mailboxes"}
    | {"people", "recipient", "address", "usuarios", "cuentas", "direcciones", "destinatarios"}
)
_MAIL = frozenset(
    {"mail", "mails", "email", "emails", "messages", "recipients", "customers", "users", "deliver", "delivered"}
    | {"arrive", "arrives", "correos", "destinatarios", "are"}
)


def _is_client(span: Span) -> bool:
    return not span.host and any(it[:2] == ("provider", _CLIENT) for it in span.meanings)


_SAID = (Meaning("filler", ""),)


_CLIENT = "gmail"


def _named(spans: Sequence[Span], clauses: set[int]) -> set[str]:
    """Providers, and hosts of nobody who is known, that some clauses name."""
    return {_key_of(span) or _stranger(span) for span in spans if span.clause in clauses} - {""}


def _stranger(span: Span) -> str:
    return span.text if span.host and not provider_of_host(span.text) else ""


def _key_of(span: Span) -> str:
    """The provider that a name stands for and nothing else does."""
    if span.means("network"):
        return ""
    return next((it.value for it in span.meanings if it.slot == "provider" and not it.weak), "")
