"""The answer as JSON (`portero.port/1`): what is stored, exported, shown in the terminal and drawn in Slack.

Sentences end with the numbers of their sources, `[1, 2]`, as places in `sources`; each source there has its date.
Second-hand evidence is called "reported" in the sentence itself.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from commands.smtpport.advise import Advice, Choice
from commands.smtpport.catalogue import offered_by, ports, provider
from commands.smtpport.claim import Claim
from commands.smtpport.footnotes import Footnotes, reference
from commands.smtpport.phrases import CLAIMS, UNKNOWN_PORT
from commands.smtpport.records import Network, Provider
from commands.smtpport.snippets import checkable, host_of, snippets

SCHEMA = "portero.port/1"

Document: TypeAlias = dict[str, Any]


def document(advice: Advice) -> Document:
    """The JSON of an advice."""
    notes = Footnotes()
    told = {
        "recommended": _choice(advice.recommended) if advice.recommended else None,
        "reasons": [sentence(claim, notes) for claim in advice.reasons],
        "fallbacks": [{**_choice(choice), "reason": sentence(choice.reason, notes)} for choice in advice.fallbacks],
        "avoid": [{"port": avoided.port, "reason": sentence(avoided.reason, notes)} for avoided in advice.avoid],
        "provider": _provider(advice.provider, notes) if advice.provider else None,
        "network": _network(advice.network, notes) if advice.network else None,
        "about": [_about(port, notes) for port in advice.about],
        "host": host_of(advice),
        "checkable": checkable(advice),
        "snippets": snippets(advice),
    }
    return {"schema": SCHEMA, "understood": _understood(advice), **told, "sources": notes.listed()}


def explained(port: int) -> Document:
    """What a port is, with the providers that list it and the sources."""
    row = ports().get(port)
    told = {"registered": row.registered, "tls": row.tls, "story": list(row.story)} if row else UNKNOWN_PORT
    return {
        "port": port,
        "title": row.title if row else "not a known mail port",
        **told,
        "offered_by": [service.name for service in offered_by(port)],
        "sources": [reference(source) for source in row.sources] if row else [],
    }


def sentence(claim: Claim, notes: Footnotes) -> str:
    """The sentence of a claim, with the numbers of its sources. What a network does may change, so it is dated."""
    text = CLAIMS[claim.code].format(**_spoken(claim.params))
    return notes.mark(text, claim.sources, dated=claim.code.startswith("network_"))


def _understood(advice: Advice) -> Document:
    question = advice.question
    named = provider(question.provider)
    return {
        "role": question.role,
        "role_stated": question.stated,
        "provider": named.name if named else None,
        "network": advice.network.name if advice.network else None,
        "port": question.port,
        "tls": question.tls,
        "tried": list(question.tried),
        "software": question.software,
        "not_understood": list(question.not_understood),
    }


def _spoken(params: Mapping[str, object]) -> dict[str, object]:
    """Lists of ports and of providers as people say them."""
    return {**params, **{name: _joined(str(params.get(name, ""))) for name in ("ports", "providers")}}


def _joined(listed: str) -> str:
    head, comma, last = listed.rpartition(", ")
    return f"{head} and {last}" if comma else listed


def _choice(choice: Choice) -> Document:
    return {"port": choice.port, "tls": choice.tls}


def _provider(service: Provider, notes: Footnotes) -> Document:
    note = notes.mark(service.note, service.sources) if service.note else None
    return {"name": service.name, "login": notes.mark(service.login, service.sources), "note": note}


def _network(net: Network, notes: Footnotes) -> Document:
    facts = {"lift": net.lift, "symptom": net.symptom, "note": net.note}
    marked = {name: notes.mark(text, net.sources, dated=True) if text else None for name, text in facts.items()}
    return {"name": net.name, "scope": net.scope or None, **marked}


def _about(port: int, notes: Footnotes) -> Document:
    """The story of a port without its own list of sources: they are among those of the answer."""
    told = explained(port)
    row = ports().get(port)
    if row:
        told["story"][-1] = notes.mark(row.story[-1], row.sources)
    return {name: value for name, value in told.items() if name != "sources"}
