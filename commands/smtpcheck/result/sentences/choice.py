"""What a stored result says: whole sentences of a language (`languages`), chosen by what was seen. Made when shown.

Parameters are put in as they are: views escape the finished sentence. For views, terminals, exports and receivers of
alerts; no engine imports this. What schema 1 stored in words is said in those words.
"""

import json
import string
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from commands.plural import plural
from commands.slack_text import clean
from commands.smtpcheck.result.document import Document
from commands.smtpcheck.result.findings import RELAY, Code, Params
from commands.smtpcheck.result.meanings import Meaning
from commands.smtpcheck.result.sentences.languages import WORDS

Keys: TypeAlias = tuple[str, ...]
MEANING = "meaning:"
NAMED = 3
"""Names that are listed; of the others only how many there are."""


def sentence(code: str, params: Params) -> str:
    """The sentence or sentences of a finding; a code that this version does not know is shown as it is."""
    variants = VARIANTS.get(code)
    keys = variants(params) if variants else ("",)
    known = [text for key in keys if (text := _text(code, key)) is not None]
    return " ".join(fill(text, params) for text in known) or f"{code.replace('_', ' ').capitalize()}."


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
    return " ".join(_statement(one["code"], one["params"]) for one in summary)


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
    """Whole days to the end, rounded down: -1 is "less than a day" ago."""
    whole = count if count >= 0 else -count - 1
    return plural(whole, "day") if whole else "less than a day"


def tls_number(version: str) -> str:
    """`1.0` for what `ssl` calls TLSv1."""
    return {"TLSv1": "1.0", "SSLv3": "SSL 3.0"}.get(version, version.removeprefix("TLSv"))


def _tls_numbers(versions: str) -> str:
    """`TLS 1.0, 1.1 and SSL 3.0`."""
    numbers = [tls_number(version) for version in versions.split()]
    numbers = [f"TLS {one}" if not place and one[:1].isdigit() else one for place, one in enumerate(numbers)]
    return " and ".join(filter(None, [", ".join(numbers[:-1]), *numbers[-1:]]))


def _attempts(results: Sequence[Mapping[str, Any]]) -> str:
    """How each control host answered."""
    return "; ".join(
        f"{one['host']} {_word(WORDS.OUTCOMES, one['outcome'])} after {one['elapsed_ms'] / 1000:.1f} s"
        for one in results
    )


def _names(values: Sequence[str]) -> str:
    """The first names, and how many there are more."""
    more = len(values) - NAMED
    return (", ".join(values[:NAMED]) or WORDS.NO_NAME) + (f" and {more} more" if more > 0 else "")


def _states(points: Sequence[Mapping[str, Any]]) -> str:
    """`25: no answer, 587: open without TLS`."""
    return ", ".join(dict.fromkeys(f"{one['port']}: {_state(one)}" for one in points))


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
    "ports": lambda value: ", ".join(map(str, value)),
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


def _inside(params: Params) -> Keys:
    return (".inside_tls",) if params.get("inside") else ("",)


def _later(params: Params) -> Keys:
    waited = params.get("waited")
    return (".later",) if isinstance(waited, int | float) and waited >= 1 else ("",)


TEMPORARY = range(400, 500)


def _refusal(plain: Callable[[Params], Keys]) -> Callable[[Params], Keys]:
    """What a refusal means, behind its words; a blocklist that it names first. `plain` where that is not known."""

    def keys(params: Params) -> Keys:
        meaning = str(params.get("meaning", ""))
        if meaning not in WORDS.MEANINGS:
            return plain(params)
        listing = f"refused_by_policy.{params.get('listing')}"
        said: Keys = (listing,) if listing in WORDS.SENTENCES else (".said", MEANING + meaning)
        beside = {
            "look_up_failed_for_now": meaning == Meaning.REVERSE_DNS and params.get("code") in TEMPORARY,
            "only_reported": params.get("reported"),
        }
        return (*said, *(key for key, is_there in beside.items() if is_there))

    return keys


def _before_tls(params: Params) -> Keys:
    kind = params.get("kind")
    guessed = (".guessed",) if params.get("guessed") else ()
    return (f".{kind}" if kind in {"challenge", "external"} else "", *guessed)


def _own_name(params: Params) -> Keys:
    key = f".{params.get('fit')}"
    return (key if Code.EHLO_NAME_REJECTED + key in WORDS.SENTENCES else "",)


def _no_ehlo_reply(params: Params) -> Keys:
    ended = str(params.get("ended", ""))
    inside = "inside_tls" if params.get("inside") else ""
    key = "_".join(filter(None, [ended if ended in {"closed", "reset"} else "", inside]))
    return (f".{key}" if key else "",)


AT_ONCE_S = 0.5
"""Who has no route knows at once; what takes longer was sent, and somebody was asked."""


def _unreachable(params: Params) -> Keys:
    """Without IPv6 there is no ICMP message, and no wait."""
    by, seconds = params.get("by"), params.get("seconds", 0.0)
    if by in {"host", "hop"}:
        return (".hop",)
    if by == "us":
        return (".next_hop",)
    at_once = isinstance(seconds, int | float) and seconds < AT_ONCE_S
    return ("", ".ipv6") if at_once and ":" in str(params.get("address", "")) else ("",)


def _rejected(params: Params) -> Keys:
    if params.get("by") == "hop":
        return (".hop_beside",) if params.get("host_ms") else (".hop",)
    return (".host",) if params.get("by") == "host" else ("",)


def _without(params: Params) -> Keys:
    without = params.get("without")
    return (f".{without}" if without in {"closed", "reset", "turned_away"} else "",)


def _forbidden(params: Params) -> Keys:
    if params.get("by_address"):
        return (".address",)
    return (".some" if params.get("some") else ".nowhere" if params.get("reason") in WORDS.ADDRESS_KINDS else "",)


def _where(params: Params) -> Keys:
    return (".starttls",) if params.get("where") == "starttls" else ("",)


def _untrusted(params: Params) -> Keys:
    return (".unlinked",) if params.get("missing") else (".root",) if params.get("root") else ("",)


def _no_san(params: Params) -> Keys:
    return (("", ".other", ".own")[bool(params.get("common_name")) + bool(params.get("covers"))],)


def _wrong_name(params: Params) -> Keys:
    """Who connected by address is told the name to use."""
    return ("", ".address") if params.get("by_address") and params.get("names") else ("",)


def _only(params: Params) -> Keys:
    """What alone is not known: where mail goes, or the addresses of one family."""
    only = params.get("only")
    if only == "family" and "host" in params:
        return ("mx_servfail.family",)
    return (f"dns_servfail.{only}" if only in {"mail", "family"} else "",)


def _look_up(params: Params) -> Keys:
    if params.get("only") in {"mail", "family"}:
        return _only(params)
    rcode = str(params.get("rcode", ""))
    if not rcode:
        return ("",)
    if params.get("why") in {"bogus", "expired", "dead", "blocked"}:
        return (f".{params['why']}",)
    name = rcode.lower() if rcode in {"SERVFAIL", "REFUSED"} else "rcode"
    return (f".{name}_type" if params.get("type") else f".{name}",)


def _of_dane(params: Params) -> Keys:
    """What holds of an endpoint, why records of it do not, and what is to be known beside that."""
    why = f"dane_record.{params.get('why')}"
    beside = {
        why: why in WORDS.SENTENCES,
        "dane_record.address": params.get("address"),
        "vouched": params.get("vouched"),
    }
    return ("", *(key for key, is_there in beside.items() if is_there))


def _dane_valid(params: Params) -> Keys:
    """A record of the key holds as long as the key stays."""
    kept = (".key",) if str(params.get("record", "")).startswith("3 1 ") else ()
    return ("", *kept, *_of_dane(params)[1:])


def _dane_unknown(params: Params) -> Keys:
    return ("" if params.get("why") else ".no_reason", *_of_dane(params)[1:])


def _flag(parameter: str, key: str, *, beside: bool = False) -> Callable[[Params], Keys]:
    """Another sentence (or one more, `beside` it) where this parameter is there and not empty."""

    def keys(params: Params) -> Keys:
        if not params.get(parameter):
            return ("",)
        return ("", key) if beside else (key,)

    return keys


def _unless(parameter: str, key: str) -> Callable[[Params], Keys]:
    return lambda params: ("",) if params.get(parameter) else (key,)


def _addresses(params: Params) -> Keys:
    """All that there is of a family, one, or several."""
    count = params.get("count")
    return (".family",) if params.get("family") else (".several",) if isinstance(count, int) and count > 1 else ("",)


VARIANTS: Mapping[str, Callable[[Params], Keys]] = {
    Code.UNREACHABLE: _unreachable,
    Code.REJECTED: _rejected,
    Code.VANTAGE_GONE: _unless("heard", ".at_once"),
    Code.NOT_FINISHED: _unless("seconds", ".not_begun"),
    Code.FORBIDDEN: _forbidden,
    Code.ADDRESS_UNUSABLE: lambda params: (".mapped" if params.get("kind") == "mapped" else "",),
    Code.NO_GREETING: _inside,
    Code.INCOMPLETE_GREETING: lambda params: (".timeout" if params.get("ended") == "timeout" else "",),
    Code.CLOSED_BEFORE_GREETING: _later,
    Code.RESET_BEFORE_GREETING: _later,
    Code.PROXY_HEADER_EXPECTED: _without,
    Code.NOT_SMTP: lambda params: (".lmtp" if (it := params.get("protocol")) == "LMTP" else ".protocol" if it else "",),
    Code.EHLO_NOT_UNDERSTOOD: _flag("ended", ".unseen"),
    Code.EHLO_NAME_REJECTED: _own_name,
    Code.RATE_LIMITED: _refusal(_inside),
    Code.TEMP_REFUSED: _refusal(lambda _params: ("",)),
    Code.REFUSED_BY_POLICY: _refusal(lambda _params: ("",)),
    Code.TLS_REQUIRED: lambda params: (".greeting" if params.get("step") == "greeting" else "",),
    Code.AUTH_BEFORE_TLS: lambda params: (f".{kind}" if (kind := params.get("kind")) in {"token", "both"} else "",),
    Code.LOGIN_BEFORE_TLS: _before_tls,
    Code.STARTTLS_BROKEN_TEMP: lambda params: (".unnamed" if params.get("where") == "unnamed" else "",),
    Code.TLS_WANTS_CERTIFICATE: lambda params: (".said" if params.get("where") == "reply" else "",),
    Code.NO_EHLO_REPLY: _no_ehlo_reply,
    Code.IMPLICIT_TLS: lambda params: (".relay" if params.get("port") == RELAY else "",),
    Code.SNI_REJECTED: _flag("unnamed", ".unnamed", beside=True),
    Code.TLS_CLOSED: _where,
    Code.TLS_RESET: _where,
    Code.TLS_TIMEOUT: _where,
    Code.CERT_UNTRUSTED: _untrusted,
    Code.CERT_CHAIN_INCOMPLETE: _flag("missing", ".named"),
    Code.CERT_NAME_MISMATCH: _wrong_name,
    Code.CERT_NO_SAN: _no_san,
    Code.CERT_DIFFERS: lambda params: (
        f".{how}" if (how := params.get("how")) in {"family", "no_name", "address"} else "",
    ),
    Code.ADDRESS_DOWN: _addresses,
    Code.ADDRESS_DIFFERS: _addresses,
    Code.ADDRESS_UNKNOWN: _addresses,
    Code.FAMILY_DIFFERS: _flag("version", ".version"),
    Code.CONTROL_PROBE: _flag("ago_s", ".earlier"),
    Code.DNS_SERVFAIL: _look_up,
    Code.MX_SERVFAIL: _look_up,
    Code.DNS_TIMEOUT: _only,
    Code.MX_TIMEOUT: _only,
    Code.DNS_FAMILY_FAILED: lambda params: (".four" if params.get("type") == "A" else "",),
    Code.DNS_NXDOMAIN: _flag("alias_of", ".alias"),
    Code.DNS_NO_DATA: _flag("alias_of", ".alias"),
    Code.MX_NXDOMAIN: _flag("alias_of", ".alias"),
    Code.MX_NO_ADDRESS: _flag("alias_of", ".alias"),
    Code.MTA_STS_UNKNOWN: _unless("why", ".no_reason"),
    **{code: _of_dane for code in Code if code.startswith("dane_")},
    Code.DANE_VALID: _dane_valid,
    Code.DANE_UNKNOWN: _dane_unknown,
}
"""Code -> the keys of its sentences for what was seen: variants of its own (`.ipv6`) or a sentence of several codes."""


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
