"""What a stored result says: whole sentences of a language (`languages`), chosen by what was seen. Made when shown.

Parameters are put in as they are: views escape the finished sentence. For views, terminals, exports and receivers of
alerts; no engine imports this. What schema 1 stored in words is said in those words.
"""

import json
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from commands.plural import plural
from commands.slack_text import clean
from commands.smtpcheck.result.document import Document
from commands.smtpcheck.result.findings import Params
from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpcheck.result.sentences.variants import MEANING, VARIANTS
from commands.smtpcheck.result.states import TlsState

NAMED = 3
"""Names that are listed; of the others only how many there are."""


def sentence(code: str, params: Params) -> str:
    """The sentence or sentences of a finding; a code that this version does not know is shown as it is."""
    known = [text for key in variant_of(code, params) if (text := _text(code, key)) is not None]
    return " ".join(fill(text, params) for text in known) or f"{code.replace('_', ' ').capitalize()}."


def variant_of(code: str, params: Params) -> tuple[str, ...]:
    """Which sentences of a finding are said, by what was seen."""
    variants = VARIANTS.get(code)
    return variants(params) if variants else ("",)


def _text(code: str, key: str) -> str | None:
    """A text by its key: a variant of the code, the meaning of a reply, or a sentence of several codes."""
    if key.startswith(MEANING):
        return WORDS.MEANINGS.get(key.removeprefix(MEANING))
    return WORDS.SENTENCES.get(code + key if key.startswith(".") or not key else key)


def fill(text: str, params: Mapping[str, Any]) -> str:
    """A text of the catalogue with its parameters. A missing one leaves a question mark, not an exception."""
    return _FORMATTER.vformat(text, (), params)


def spoken(summary: str | Sequence[Mapping[str, Any]]) -> str:
    """A summary in words. One of schema 1 was stored in words."""
    if isinstance(summary, str):
        return summary
    said = [_statement(one["code"], one["params"]) for one in summary]
    return " ".join(said[1:] if _is_repeated(summary, said) else said)


TWO = 2
NO_RESULT = frozenset({"verdict.failed", "verdict.unknown"})


def _is_repeated(summary: Sequence[Mapping[str, Any]], said: Sequence[str]) -> bool:
    """Whether the target is named once more to say why there is no result: that is enough."""
    if len(said) < TWO or summary[0]["code"] not in NO_RESULT:
        return False
    return said[1].startswith(f"{summary[0]['params'].get('target')} ")


def _statement(code: str, params: Params) -> str:
    text = WORDS.SUMMARY.get(code)
    if text is None:
        return sentence(code, params)
    place = fill(WORDS.PLACES[bool(params.get("host"))], params)
    return fill(text, {"place": place, **params})


@cache
def shown(code: str) -> frozenset[str]:
    """The parameters that stand in a sentence of a finding, whichever its variant."""
    texts = (text for key, text in WORDS.SENTENCES.items() if key.partition(".")[0] == code)
    parsed = (field for text in texts for _, field, _, _ in string.Formatter().parse(text))
    return frozenset(field for field in parsed if field)


def days(count: int) -> str:
    """Days of the calendar to the end: 0 and -1, the day itself, are "less than a day" before and behind it."""
    whole = count if count >= 0 else -count - 1
    return plural(whole, "day") if whole else "less than a day"


def tls_number(version: str) -> str:
    """`1.0` for what `ssl` calls TLSv1."""
    return {"TLSv1": "1.0", "SSLv3": "SSL 3.0"}.get(version, version.removeprefix("TLSv"))


def _tls_numbers(versions: str) -> str:
    """`TLS 1.0, 1.1 and SSL 3.0`."""
    numbers = [tls_number(version) for version in versions.split()]
    return _joined([f"TLS {one}" if not place and one[:1].isdigit() else one for place, one in enumerate(numbers)])


def _joined(words: Sequence[str]) -> str:
    """`25, 465 and 587`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _attempts(results: Sequence[Mapping[str, Any]]) -> str:
    """How each control host answered."""
    return "; ".join(f"{one['host']} {_word(WORDS.OUTCOMES, one['outcome'])}{_after(one)}" for one in results)


AT_ONCE = 0.05
"""Seconds: what is less is rounded to none."""


def _after(attempt: Mapping[str, Any]) -> str:
    seconds = attempt["elapsed_ms"] / 1000
    soon = "" if attempt["outcome"] == "not_tried" else " at once"
    return soon if seconds < AT_ONCE or not soon else f" after {seconds:.1f} s"


def _names(values: Sequence[str]) -> str:
    """The first names, and how many there are more."""
    more = len(values) - NAMED
    return (", ".join(values[:NAMED]) or WORDS.NO_NAME) + (f" and {more} more" if more > 0 else "")


def _states(points: Sequence[Mapping[str, Any]]) -> str:
    """`25, 465: no answer; 587: open without TLS`."""
    ports: dict[str, dict[str, None]] = {}
    for one in points:
        ports.setdefault(_state(one), {})[str(one["port"])] = None
    return "; ".join(f"{', '.join(alike)}: {state}" for state, alike in ports.items())


def _state(point: Mapping[str, Any]) -> str:
    words = _word(WORDS.STATES, point["state"])
    if point.get("waited"):
        return fill(WORDS.AWAITED.get(point["state"], "{words}"), {"words": words, **point})
    if point["state"] != "open" or point["usable"]:
        return words
    tls = str(point.get("tls", ""))
    return f"{words}, {WORDS.TLS_OF_RELAY[tls]}" if tls in WORDS.TLS_OF_RELAY else f"{words} without TLS"


def _apart(points: Sequence[Mapping[str, Any]]) -> str:
    """`25, 587: refused; 465: no STARTTLS`: what an address is on which ports."""
    return "; ".join(f"{one['ports']}: {_of_one(one)}" for one in points)


def _of_one(point: Mapping[str, Any]) -> str:
    """Its state, or what an open port has that others have not."""
    return _word(WORDS.APART if point["state"] == "open" else WORDS.STATES, point.get("apart") or point["state"])


def _number(value: Any) -> str:
    """Small numbers in words."""
    return WORDS.NUMBERS[value] if isinstance(value, int) and 0 <= value < len(WORDS.NUMBERS) else str(value)


def _word(words: Mapping[str, str], value: Any) -> str:
    return words.get(str(value), str(value).replace("_", " "))


SPECS: Mapping[str, Callable[[Any], str]] = {
    "days": lambda value: days(int(value)),
    "tls_version": lambda value: tls_number(str(value)),
    "tls_versions": lambda value: _tls_numbers(str(value)),
    "tls_state": lambda value: _word(WORDS.TLS_STATES, value),
    "state": lambda value: _word(WORDS.STATES, value),
    "reason": lambda value: WORDS.REASONS.get(str(value), str(value)),
    "purposes": lambda value: ", ".join(_word(WORDS.PURPOSES, one) for one in str(value).split()),
    "pattern": lambda value: WORDS.PATTERNS.get(str(value), str(value)),
    "attempts": _attempts,
    "mode": lambda value: _word(WORDS.MODES, value),
    "relay_tls": lambda value: _word(WORDS.TLS_OF_RELAY, value),
    "names": _names,
    "states": _states,
    "apart": _apart,
    "number": _number,
    "Number": lambda value: _number(value).capitalize(),
    "of_host": lambda value: WORDS.OF_HOST.format(host=value) if value else "",
    "address_kind": lambda value: WORDS.ADDRESS_KINDS.get(str(value), str(value)),
    "family": lambda value: WORDS.FAMILIES.get(str(value), str(value)),
    "as_told": lambda value: WORDS.AS_TOLD[bool(value)],
    "others": lambda value: WORDS.OTHERS[value != 1],
    "turned_away": lambda value: _word(WORDS.TURNED_AWAY, value),
    "ports": lambda value: ", ".join(map(str, value)),
    "joined": lambda value: _joined(str(value).split(", ")),
    "ends": lambda value: str(value) or WORDS.UNREADABLE_DATE,
}
"""What may stand behind the colon of a parameter."""


class _Formatter(string.Formatter):
    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:  # noqa: ARG002
        return kwargs.get(str(key), "?")

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Names alone: an attribute or an index of a parameter is never read."""
        return self.get_value(field_name, args, kwargs), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if value == "?":
            return "?"
        word = SPECS.get(format_spec)
        return word(value) if word else str(super().format_field(value, format_spec))


_FORMATTER = _Formatter()


MOST = 600
"""Characters of the sentences of one finding, and of a first line."""


def message_of(finding: Document) -> str:
    """What a stored finding says."""
    said = finding.get("message")
    return str(said) if said is not None else clean(sentence(finding["code"], finding.get("params", {})), MOST)


def summary_of(document: Document) -> str:
    """The first line of a stored result."""
    return clean(spoken(document["summary"]), MOST)


def summary_in(row: str) -> str:
    """The words of `document.stored_summary`; a row of schema 1 has words itself."""
    if not row.startswith('[{"code":'):
        return row
    try:
        return clean(spoken(json.loads(row)), MOST)
    except (ValueError, KeyError, TypeError):
        return ""


def is_said(finding: Document, document: Document) -> bool:
    """Whether the first line says this finding already."""
    summary = document["summary"]
    if isinstance(summary, str):
        return message_of(finding) in summary
    return any((one["code"], one["params"]) == (finding["code"], finding.get("params")) for one in summary)


def version_lines(document: Document) -> list[str]:
    """Versions and older suites of the ports that were swept; the host is named where there are several."""
    several = len({endpoint["host"] for endpoint in document["endpoints"]}) > 1
    return [
        *(versions_line(place, answers) for place, answers in _swept(document, "versions", several=several)),
        *(suites_line(place, answers) for place, answers in _swept(document, "suites", several=several)),
        *_not_swept(document, several=several),
    ]


def _swept(document: Document, kind: str, *, several: bool) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The ports that answered alike, and what they answered."""
    alike: dict[tuple[tuple[str, str], ...], dict[str, None]] = {}
    for point in document["endpoints"]:
        if answers := (point["tls"] or {}).get(kind):
            alike.setdefault(tuple(answers.items()), {})[_port_of(point, several=several)] = None
    for found, ports in alike.items():
        yield WORDS.PORTS_OF[len(ports) > 1].format(ports=", ".join(ports)), dict(found)


def _port_of(point: Document, *, several: bool) -> str:
    return WORDS.PORT_OF_HOST.format(**point) if several else str(point["port"])


def versions_line(place: str, versions: Mapping[str, str]) -> str:
    """`Port 587: TLS 1.2, 1.3 accepted; 1.0, 1.1 refused.`."""
    return _answered(WORDS.TLS_VERSIONS, place, {tls_number(name): answer for name, answer in versions.items()})


def suites_line(place: str, suites: Mapping[str, str]) -> str:
    """`Port 587, older cipher suites refused: no encryption, export, DES, RC4, 3DES.`."""
    return _answered(
        WORDS.OLDER_SUITES, place, {WORDS.SUITES.get(name, name): answer for name, answer in suites.items()}
    )


def _answered(texts: Mapping[str, str], place: str, answers: Mapping[str, str]) -> str:
    """What of it is accepted, refused and not known, in the text that has these."""
    told = {
        answer: ", ".join(name for name, said in answers.items() if said == answer)
        for answer in ("yes", "no", "unknown")
    }
    key = " ".join(answer for answer, names in told.items() if names)
    return texts.get(key, texts["unknown"]).format(place=place, **told)


def _not_swept(document: Document, *, several: bool) -> list[str]:
    """The ports with TLS that were not asked: one port of each TLS mode is, so that a check stays short."""
    secure = [point for point in document["endpoints"] if point["tls"] and point["tls"]["state"] == TlsState.OK]
    swept = {(point["host"], point["port"]) for point in secure if point["tls"].get("versions")}
    left = [point for point in secure if (point["host"], point["port"]) not in swept]
    if not swept or not left:
        return []
    names = dict.fromkeys(_port_of(point, several=several) for point in left)
    return [WORDS.UNSWEPT.format(ports=", ".join(names))]


def with_words(document: Document) -> dict[str, Any]:
    """The document as it is printed and exported: summary, reason and messages in words."""
    if isinstance(document.get("summary", ""), str):
        return dict(document)
    if "endpoints" not in document:
        return {**document, "summary": summary_of(document)}
    return {
        **document,
        "summary": summary_of(document),
        "recommended": _reasoned(document["recommended"]),
        "dns": {**document["dns"], "findings": told(document["dns"]["findings"])},
        "endpoints": [{**each, "findings": told(each["findings"])} for each in document["endpoints"]],
        "findings": told(document["findings"]),
    }


def told(findings: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings with what they say."""
    return [{**finding, "message": message_of(finding)} for finding in findings]


def _reasoned(chosen: Document | None) -> dict[str, Any] | None:
    if chosen is None:
        return None
    reason = fill(WORDS.CHOICES.get(chosen["reason"], chosen["reason"]), chosen)
    return {"port": chosen["port"], "tls": chosen["tls"], "reason": reason}
