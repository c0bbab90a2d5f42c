"""The answer as JSON (`portero.port/1`): what is stored, exported, shown in the terminal and drawn in Slack.

Every reason ends with its sources and their dates in brackets; second-hand ones are called "reported".
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from commands.smtpport.advise import Advice, Choice
from commands.smtpport.catalogue import offered_by, ports, provider
from commands.smtpport.claims import Claim
from commands.smtpport.phrases import CLAIMS, EVIDENCE, UNKNOWN_PORT
from commands.smtpport.records import Source
from commands.smtpport.snippets import checkable, host_of, snippets

SCHEMA = "portero.port/1"

Document: TypeAlias = dict[str, Any]


def document(advice: Advice) -> Document:
    """The JSON of an advice."""
    question, service, net = advice.question, advice.provider, advice.network
    named = provider(question.provider)
    return {
        "schema": SCHEMA,
        "understood": {
            "role": question.role,
            "role_stated": question.stated,
            "provider": named.name if named else None,
            "network": net.name if net else None,
            "port": question.port,
            "tls": question.tls,
            "tried": list(question.tried),
            "software": question.software,
        },
        "not_understood": list(question.not_understood),
        "recommended": _recommended(advice.recommended),
        "fallbacks": [{**_choice(choice), "reason": sentence(choice.reason)} for choice in advice.fallbacks],
        "avoid": [{"port": avoided.port, "reason": sentence(avoided.reason)} for avoided in advice.avoid],
        "reasons": [sentence(claim) for claim in advice.reasons],
        "about": [explained(port) for port in advice.about],
        "provider": service.name if service else None,
        "host": host_of(advice),
        "checkable": checkable(advice),
        "login": service.login if service else None,
        "note": service.note or None if service else None,
        "provider_evidence": _cited(service.sources) if service else None,
        "network": _network(advice),
        "sources": _sources(advice),
        "snippets": snippets(advice),
    }


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


def sentence(claim: Claim) -> str:
    """The sentence of a claim, with its sources in brackets."""
    return _with_sources(CLAIMS[claim.code].format(**_spoken(claim.params)), claim.sources)


def reference(source: Source) -> str:
    """`RFC 8314 section 3.3, 2018-01, documented: https://...`"""
    return f"{source.label}, {source.date}, {source.confidence}: {source.url}"


def _spoken(params: Mapping[str, object]) -> dict[str, object]:
    """Lists of ports as people say them."""
    listed = str(params.get("ports", ""))
    head, comma, last = listed.rpartition(", ")
    return {**params, "ports": f"{head} and {last}" if comma else listed}


def _with_sources(text: str, sources: Iterable[Source]) -> str:
    cited = _cited(sources)
    return f"{text.removesuffix('.')} [{cited}]." if cited else text


def _cited(sources: Iterable[Source]) -> str:
    return "; ".join(EVIDENCE[source.confidence].format(label=source.label, date=source.date) for source in sources)


def _recommended(choice: Choice | None) -> Document | None:
    return _choice(choice) if choice else None


def _choice(choice: Choice) -> Document:
    return {"port": choice.port, "tls": choice.tls}


def _network(advice: Advice) -> Document | None:
    net = advice.network
    if net is None:
        return None
    facts = {"scope": net.scope, "lift": net.lift, "symptom": net.symptom, "note": net.note}
    return {"name": net.name, **facts, "evidence": _cited(net.sources)}


def _sources(advice: Advice) -> list[str]:
    """Every source that the answer cites, once, in the order in which it is cited."""
    claims = [*advice.reasons]
    claims += [choice.reason for choice in advice.fallbacks]
    claims += [avoided.reason for avoided in advice.avoid]
    cited = [source for claim in claims for source in claim.sources]
    cited += [source for port in advice.about if port in ports() for source in ports()[port].sources]
    cited += advice.provider.sources if advice.provider else ()
    return list(dict.fromkeys(reference(source) for source in cited))
