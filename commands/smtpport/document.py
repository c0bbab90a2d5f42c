"""The answer as JSON (`portero.port/1`): what is exported, shown in the terminal and drawn in Slack.

Sentences end with the numbers of their sources, `[1, 2]`, as places in `sources`; each source there has its date.
Second-hand evidence is called "reported" in the sentence itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from commands.smtpport.answer import Advice, Choice, Claim, Diagnosis, Params
from commands.smtpport.catalogue.lookup import cited, network, offered_by, ports, provider
from commands.smtpport.catalogue.records import Network, Provider, Source, basis, state_of
from commands.smtpport.choices import choices, title
from commands.smtpport.evidence.peers import SMTP
from commands.smtpport.evidence.situations import remarks, situations
from commands.smtpport.frameworks.reader import STATED, Framework, framework
from commands.smtpport.main_reasons import BESIDE_LINES, MOST_LINES, POINT_MISSED, WIDTH, fitting, lead_of, main_reasons
from commands.smtpport.question.reader import UNNAMED
from commands.smtpport.snippets import TESTS, checkable, host_of, lines_of, remark, snippets
from commands.smtpport.wording import (
    ALL_OTHERS,
    BY_DEFAULT,
    CLAIMS,
    EVIDENCE,
    FACTS_OF_LINES,
    TLS,
    UNKNOWN_PORT,
    YOUR_NETWORK,
    YOUR_PROVIDER,
    diagnosis_words,
)

SCHEMA = "portero.port/1"

Document: TypeAlias = dict[str, Any]

_STRENGTH = ("documented", "reported", "conflicting", "unconfirmed")


class Footnotes:
    """The sources of one answer, numbered from 1 in the order in which they are cited."""

    def __init__(self, today: str | None = None) -> None:
        """`today` is the ISO day from which the age of a source is counted; without it no age is told."""
        self._numbers: dict[Source, int] = {}
        self._today = today or ""

    def mark(self, text: str, sources: Iterable[Source], *, dated: bool = False) -> str:
        """`text (reported, 2018) [1, 2].` What is documented gets its date only where the fact may change: `dated`."""
        cited = list(sources)
        if not cited:
            return text
        numbers = {self._numbers.setdefault(source, len(self._numbers) + 1) for source in cited}
        marks = ", ".join(map(str, sorted(numbers)))
        return f"{text.removesuffix('.')}{_grade(cited, self._today, dated=dated)} [{marks}]."

    def listed(self) -> list[str]:
        """Every source that was cited: its place in the list is its number."""
        return [reference(source) for source in self._numbers]


def reference(source: Source) -> str:
    """`RFC 8314 section 3.3, 2018-01, documented: https://...`"""
    return f"{source.label}, {source.date}, {source.confidence}: {source.url}"


def _grade(sources: list[Source], today: str, *, dated: bool) -> str:
    """The strongest confidence with its newest date, in words, and newer reports; nothing for plain documentation."""
    best = min((source.confidence for source in sources), key=_STRENGTH.index)
    if best == "documented" and not dated:
        return ""
    date, report = _newest(sources, best), _newest(sources, "reported")
    newer = [EVIDENCE["reported"].format(date=report)] if best == "documented" and report > date else []
    return f" ({'; '.join([EVIDENCE[best].format(date=date) + _age(date, today), *newer])})"


_OLD, _VERY_OLD = 18, 24
"""Months after which the age of a source is told, and from which on in years."""


def _age(written: str, today: str) -> str:
    """`, 20 months old`, `, 14 years old`: from a date to today."""
    if not (today and written[:1].isdigit()):
        return ""
    months = _months(today) - _months(written)
    if months <= _OLD:
        return ""
    return f", {months // 12} years old" if months >= _VERY_OLD else f", {months} months old"


def _months(date: str) -> int:
    """Months of a date; one that names no month is taken for the end of its year."""
    year, _, rest = date.partition("-")
    return int(year) * 12 + int(rest[:2] or 12)


def _newest(sources: list[Source], confidence: str) -> str:
    """The newest date, one that is known before any other."""
    dates = [source.date for source in sources if source.confidence == confidence]
    return max([date for date in dates if date[0].isdigit()] or dates, default="")


def document(advice: Advice, today: str | None = None) -> Document:
    """The JSON of an advice; the age of its sources is counted from `today`, an ISO day."""
    notes = Footnotes(today)
    pasted = snippets(advice)
    shown = _shown(advice, pasted)
    about = [_about(port, notes) for port in advice.about]
    lead = _lead(advice)
    is_full = bool(shown or advice.diagnosis) or len(lead or "") > WIDTH
    told = {
        "recommended": _choice(advice.recommended) if advice.recommended else None,
        "certain": advice.recommended is None or advice.recommended.sure,
        "condition": advice.network.condition if advice.network and advice.conditional else None,
        "otherwise": {**_choice(advice.otherwise), "certain": advice.otherwise.sure} if advice.otherwise else None,
        "lead": lead,
        "general": _is_general(advice),
        **_reasons(advice, notes, about, BESIDE_LINES if is_full else MOST_LINES),
        "fallbacks": [_fallback(choice, notes) for choice in advice.fallbacks],
        "avoid": [{"port": avoided.port, "reason": sentence(avoided.reason, notes)} for avoided in advice.avoid],
        "provider": _provider(advice.provider, notes) if advice.provider else None,
        "network": _network(advice, advice.network, notes) if advice.network else None,
        "about": about,
        "host": host_of(advice),
        "checkable": checkable(advice),
        "snippets": pasted,
        "shown": shown,
    }
    told["diagnosis"] = _diagnosis(advice.diagnosis, notes) if advice.diagnosis else None
    told["undecided"] = advice.question.undecided
    told["readings"] = [{"code": code, "title": title(code)} for code in choices(advice)]
    return {"schema": SCHEMA, "understood": _understood(advice), **told, "sources": notes.listed()}


def _shown(advice: Advice, pasted: Mapping[str, str]) -> list[str]:
    """The lines that stand in the answer itself: of the framework that was named, and tests for who asks how to."""
    question, best = advice.question, advice.recommended
    delivers = question.role == "relay" and best is not None and best.port == SMTP
    named = () if delivers and question.software in _ITSELF else (question.software or "",)
    tests = tuple(TESTS) if question.topic == "test" else ()
    apps = tuple(tool for tool in named if tool not in TESTS)
    return [tool for tool in (*apps, *tests) if tool in pasted]


_ITSELF = frozenset({"postfix"})
"""What delivers by itself as it comes: its lines are for a relay service."""


def _lead(advice: Advice) -> str | None:
    """What is said before the port: what was asked, where that is no port. Its sources stand among the reasons."""
    claim = lead_of(advice.reasons, is_diagnosed=advice.diagnosis is not None)
    return spoken(claim) if claim else None


def _is_general(advice: Advice) -> bool:
    """Whether the point was not understood and no provider is named: all that can be said is the rule for apps."""
    claim = lead_of(advice.reasons, is_diagnosed=advice.diagnosis is not None)
    is_open = claim is not None and claim.code in POINT_MISSED and advice.question.role == "submission"
    best = advice.recommended
    return is_open and advice.provider is None and best is not None and not best.sure


def _reasons(advice: Advice, notes: Footnotes, about: Sequence[Document], lines: int) -> Document:
    """All reasons, and those of them that stand in the answer itself as `why`."""
    named = framework(advice.question.software)
    different = remark(advice, named) if named else None
    claims = [*advice.reasons, *([different] if different else [])]
    said = [sentence(claim, notes) for claim in claims]
    lead = lead_of(advice.reasons, is_diagnosed=advice.diagnosis is not None)
    main = [said[place] for place in main_reasons(claims, advice.avoid) if claims[place] is not lead]
    story = [about[0]["story"][0]] if about and about[0]["story"] and _of_a_port(advice) else []
    return {"reasons": said, "why": fitting([*story, *main], lines)}


def _of_a_port(advice: Advice) -> bool:
    """Whether a port is what is asked about, and not what to do for a provider."""
    question = advice.question
    alone = not (question.provider or question.network or question.software or question.symptom)
    delivers = any(claim.code == "relay_needs_25" for claim in advice.reasons)
    return (alone and not delivers) or question.topic in {"explain", "why", "why_not"}


def lines_for(advice: Advice, row: Framework, today: str | None = None) -> Document:
    """What to put into an app: the lines of a framework for an answer (None where there are none), and its settings."""
    notes = Footnotes(today)
    different = remark(advice, row)
    return {
        "name": row.name,
        "lines": lines_of(advice, row),
        "remark": sentence(different, notes) if different else None,
        "facts": [_fact(row, field, notes) for field in STATED if getattr(row, field)],
        "sources": notes.listed(),
    }


def _fact(row: Framework, field: str, notes: Footnotes) -> str:
    text = FACTS_OF_LINES[field].format(getattr(row, field))
    return notes.mark(f"{text}.", row.evidence.get(field, row.sources))


def explained(port: int, today: str | None = None) -> Document:
    """What a port is, with the providers that list it and the sources."""
    notes = Footnotes(today)
    return {**_about(port, notes), "sources": notes.listed()}


def sentence(claim: Claim, notes: Footnotes) -> str:
    """The sentence of a claim, with the numbers of its sources. What people run may change, so it is dated."""
    text = spoken(claim)
    return notes.mark(text, claim.sources, dated=claim.code.startswith(_DATED))


_DATED = ("network_", "provider_")


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
        "barred": list(question.barred),
        "only": list(question.only),
        "anonymous": question.anonymous,
        "not_understood": [word for word in question.not_understood if word != UNNAMED],
        "unread": question.not_understood.count(UNNAMED),
        "left_out": list(question.left_out),
    }


def _diagnosis(found: Diagnosis, notes: Footnotes) -> Document:
    """What a pasted error means. `message` is a sentence; of a code that this version has no words for, its code."""
    message = diagnosis_words(found.code)
    if message and (row := situations().get(found.code)):
        message = notes.mark(message, cited(row.sources))
    facts = {"code": found.code, "side": found.side, "port_problem": found.port_problem, "certain": found.sure}
    return {**facts, "title": title(found.code), "message": message or f"{found.code.replace('_', ' ').capitalize()}."}


def spoken(claim: Claim) -> str:
    """The sentence alone. Of a code that another version stored, and this one has no words for, its code."""
    try:
        text = CLAIMS[claim.code]
        return text.format(**_words(claim.params)) if "{" in text else text
    except KeyError:
        return f"{claim.code.replace('_', ' ').capitalize()}."


def _words(params: Params) -> dict[str, object]:
    """Rows of the catalogue, ports and TLS modes as people say them."""
    net = network(_text(params, "network"))
    row = provider(_text(params, "provider"))
    return {
        **params,
        "login": row.login if row else "",
        "note": row.note.removesuffix(".") if row else "",
        "lift": net.lift if net else "",
        "provider": _provider_name(_text(params, "provider")) or YOUR_PROVIDER,
        "providers": _joined([_provider_name(str(key)) for key in _several(params, "providers")]),
        "networks": _joined([_network_name(str(key)) for key in _several(params, "networks")]),
        "ports": _joined([str(port) if port else ALL_OTHERS for port in _several(params, "ports")]),
        "network": net.name if net else _text(params, "network") or YOUR_NETWORK,
        "scope": net.scope if net and net.scope else BY_DEFAULT,
        "condition": net.condition if net else "",
        "when": f" if {net.condition}" if net and net.condition else "",
        "host": params.get("host") or UNNAMED,
        "mode": TLS.get(_text(params, "mode"), ""),
        "used_mode": TLS.get(_text(params, "used_mode"), ""),
        "software": _software_name(_text(params, "software")),
        "remark": row_of.says if (row_of := remarks().get(_text(params, "remark"))) else "",
    }


def _text(params: Params, name: str) -> str:
    value = params.get(name)
    return value if isinstance(value, str) else ""


def _several(params: Params, name: str) -> tuple[int, ...] | tuple[str, ...]:
    value = params.get(name)
    return value if isinstance(value, tuple) else ()


def _provider_name(key: str) -> str:
    """A row that is not in the catalogue any more is called by its key."""
    row = provider(key)
    return row.name if row else key


def _network_name(key: str) -> str:
    row = network(key)
    return row.name if row else key


def _software_name(key: str) -> str:
    row = framework(key)
    return row.name if row else key


def _joined(said: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))


def _choice(choice: Choice) -> Document:
    return {"port": choice.port, "tls": choice.tls}


def _fallback(choice: Choice, notes: Footnotes) -> Document:
    """With `host` where it is another one than that of the answer."""
    where = {"host": choice.host} if choice.host else {}
    return {**_choice(choice), **where, "reason": sentence(choice.reason, notes)}


def _provider(service: Provider, notes: Footnotes) -> Document:
    facts = {"login": service.login, "note": service.note}
    return {"name": service.name, **_marked(service, facts, notes)}


def _network(advice: Advice, net: Network, notes: Footnotes) -> Document:
    """`state` is what the network does with the recommended port, `scope` whom its blocks concern."""
    facts = {"lift": net.lift, "symptom": net.symptom, "note": net.note}
    state = state_of(net, advice.recommended.port) if advice.recommended else None
    return {"name": net.name, "scope": net.scope or None, "state": state, **_marked(net, facts, notes, dated=True)}


def _marked(
    row: Provider | Network, facts: Mapping[str, str], notes: Footnotes, *, dated: bool = False
) -> dict[str, str | None]:
    """Facts of a row, each with its own evidence; None for what is not known."""
    return {name: notes.mark(text, basis(row, name), dated=dated) if text else None for name, text in facts.items()}


def _about(port: int, notes: Footnotes) -> Document:
    row = ports().get(port)
    story = [notes.mark(text, basis(row, place)) for place, text in enumerate(row.story)] if row else []
    told = {"registered": row.registered, "tls": row.tls, "story": story} if row else UNKNOWN_PORT
    title = row.title if row else "not a known mail port"
    return {"port": port, "title": title, **told, "offered_by": [service.name for service in offered_by(port)]}
