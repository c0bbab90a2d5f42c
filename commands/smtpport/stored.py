"""An answer as it is kept (`portero.port/2`): what was asked and the advice, as codes, parameters and catalogue keys.

Sentences are made when it is shown (`told`), like those of a new answer. What the catalogue says of a provider or a
network in words is that of the day on which it is shown; what was advised, and on which evidence, is that of the day on
which it was asked. Of words that were not understood only their number is kept. Rows of `portero.port/1` hold the
sentences of their time, which are shown as they are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from commands.smtpport.answer import Advice, Avoided, Choice, Claim, Diagnosis
from commands.smtpport.catalogue.lookup import network, provider
from commands.smtpport.catalogue.records import Source
from commands.smtpport.document import Document, document
from commands.smtpport.main_reasons import lead_of
from commands.smtpport.question.asked import Question
from commands.smtpport.question.lexicon import lexicon
from commands.smtpport.question.reader import MOST_TEXT, UNNAMED
from commands.smtpport.snippets import host_of
from commands.smtpport.text import headline

SCHEMA = "portero.port/2"

Stored = Mapping[str, Any]
Sources = Sequence[Source]

_FACTS = tuple(field.name for field in fields(Question) if field.name != "not_understood")


def stored(advice: Advice, id: str) -> Document:  # noqa: A002 - the name that history uses
    """What is kept of an advice. A source stands once, and claims have its place in the list."""
    sources = list(dict.fromkeys(source for claim in _claims(advice) for source in claim.sources))
    return {
        "schema": SCHEMA,
        "id": id,
        "question": _question(advice),
        "provider": advice.provider.key if advice.provider else None,
        "network": advice.network.key if advice.network else None,
        "recommended": _choice(advice.recommended, sources) if advice.recommended else None,
        "conditional": advice.conditional,
        "otherwise": _choice(advice.otherwise, sources) if advice.otherwise else None,
        "diagnosis": _diagnosis(advice.diagnosis),
        "reasons": [_claim(claim, sources) for claim in advice.reasons],
        "fallbacks": [_choice(choice, sources) for choice in advice.fallbacks],
        "avoid": [_choice(avoided, sources) for avoided in advice.avoid],
        "about": list(advice.about),
        "sources": [asdict(source) for source in sources],
    }


def _diagnosis(found: Diagnosis | None) -> Document | None:
    return {**asdict(found), "params": {**found.params}} if found else None


def _claims(advice: Advice) -> list[Claim]:
    choices = (advice.recommended, advice.otherwise, *advice.fallbacks, *advice.avoid)
    return [*advice.reasons, *(choice.reason for choice in choices if choice)]


def _question(advice: Advice) -> Document:
    """A host that the answer is not about is none of its facts; nor is a name that nobody knows."""
    question = advice.question
    facts = {name: _listed(getattr(question, name)) for name in _FACTS}
    known = [name for name in question.left_out if name in lexicon()]
    host = question.host if question.host == host_of(advice) else None
    return {**facts, "host": host, "left_out": known, "unread": len(question.not_understood)}


def _choice(choice: Choice | Avoided, sources: Sources) -> Document:
    facts = {field.name: getattr(choice, field.name) for field in fields(choice)}
    return {**facts, "reason": _claim(choice.reason, sources)}


def _claim(claim: Claim, sources: Sources) -> Document:
    cited = [sources.index(source) for source in claim.sources]
    return {"code": claim.code, "params": {name: _listed(it) for name, it in claim.params.items()}, "sources": cited}


def _listed(value: Any) -> Any:
    """As it comes back out of JSON."""
    return list(value) if isinstance(value, tuple) else value


def told(found: Stored, today: str | None = None) -> Document:
    """The stored answer as it is shown, printed and exported."""
    return {"id": found["id"], **document(advice_of(found), today)} if found.get("schema") == SCHEMA else dict(found)


def advice_of(found: Stored) -> Advice:
    """The advice in a stored answer, or as much of it as is there."""
    sources = [Source(**source) for source in found.get("sources", ())]
    best, other = found["recommended"], found["otherwise"]
    return Advice(
        question=_asked(found["question"]),
        provider=provider(found["provider"]),
        network=network(found["network"]),
        recommended=_chosen(best, sources) if best else None,
        fallbacks=tuple(_chosen(each, sources) for each in found.get("fallbacks", ())),
        avoid=tuple(Avoided(each["port"], _said(each, sources)) for each in found.get("avoid", ())),
        reasons=tuple(_claimed(each, sources) for each in found.get("reasons", ())),
        about=tuple(found.get("about", ())),
        conditional=found["conditional"],
        otherwise=_chosen(other, sources) if other else None,
        diagnosis=_diagnosed(found.get("diagnosis")),
    )


def _diagnosed(found: Stored | None) -> Diagnosis | None:
    return (
        Diagnosis(**{field.name: found[field.name] for field in fields(Diagnosis) if field.name in found})
        if found
        else None
    )


def _asked(facts: Stored) -> Question:
    known = {name: _tupled(value) for name, value in facts.items() if name in _FACTS}
    return Question(**known, not_understood=(UNNAMED,) * min(facts.get("unread", 0), MOST_TEXT))


def _chosen(choice: Stored, sources: Sources) -> Choice:
    return Choice(choice["port"], choice["tls"], _said(choice, sources), choice.get("host"), choice.get("sure", True))


def _said(choice: Stored, sources: Sources) -> Claim:
    """Why, where that was kept."""
    return _claimed(choice["reason"], sources) if "reason" in choice else Claim("")


def _claimed(claim: Stored, sources: Sources) -> Claim:
    params = {name: _tupled(value) for name, value in claim["params"].items()}
    cited = tuple(sources[place] for place in claim["sources"] if 0 <= place < len(sources))
    return Claim(claim["code"], params, cited)


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def summary(found: Stored) -> str:
    """What the row keeps beside the document, for lists: what the headline is made of, as JSON."""
    short = {name: found[name] for name in ("provider", "network", "conditional", "diagnosis")}
    for name in ("recommended", "otherwise"):
        choice = found[name]
        short[name] = {fact: choice[fact] for fact in ("port", "tls", "sure")} if choice else None
    asked = {name: found["question"][name] for name in ("role", "tried", "undecided")}
    lead = lead_of([_claimed(each, ()) for each in found["reasons"]], is_diagnosed=found["diagnosis"] is not None)
    said = {"reasons": [_claim(lead, ())]} if lead else {}
    return json.dumps({"question": asked, **short, **said}, separators=(",", ":"))


def summary_in(row: str) -> str:
    """The words of `summary`; a row of older days has words itself."""
    if not row.startswith('{"question":'):
        return row
    try:
        return headline(document(advice_of(json.loads(row))))
    except (ValueError, KeyError, TypeError):  # damaged before rows had checksums
        return ""
