"""The sentence of a finding: words of `wording` with its parameters, and what follows from them in words."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from commands.smtpcheck.deep import wording as deep_wording
from commands.smtpcheck.literal import is_address
from commands.smtpcheck.policy import wording as policy_wording
from commands.smtpcheck.view import wording

Params: TypeAlias = Mapping[str, Any]


class _Lenient(dict[str, Any]):
    """A missing parameter leaves a question mark, not an exception: words never break an answer."""

    def __missing__(self, key: str) -> str:
        return "?"


def sentence(code: str, params: Params) -> str:
    """The sentence of a finding; its parameters are put in as they are."""
    values = _Lenient(params)
    for words in WORDS:
        values |= words(params)
    return wording.FINDINGS.get(code, code.replace("_", " ").capitalize() + ".").format_map(values)


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _of_session(params: Params) -> dict[str, str]:
    """What is said otherwise once TLS is up, where TLS failed, and how a session ended."""
    inside, waited = bool(params.get("inside")), float(params.get("waited", 0.0))
    in_where, what_of_tls = wording.TLS_WHERE[params.get("where") == "starttls"]
    left = wording.LEFT_WITHOUT_ANSWER.get(str(params.get("ended")))
    return {
        "protocol_words": f" but {params['protocol']}" if params.get("protocol") else "",
        "came_to": f" after {params['seconds']} s" if params.get("seconds") else " before it came to it",
        "inside": " inside TLS" if inside else "",
        "and_tls": " and TLS" if inside else "",
        "or_waits": "" if inside else "wait for TLS first, ",
        "had_ended": f"had not ended after {waited} s" if params.get("ended") == "timeout" else "never ended",
        "unseen": "its logins" if inside else "its TLS or its logins",
        "when": f"after {waited} s without a word" if waited >= 1 else "at once",
        "why_left": wording.LEFT_LATER if waited >= 1 else wording.LEFT_AT_ONCE,
        "no_answer_to": left or "did not answer",
        "in_time": "" if left else f" within {waited} s",
        "in_where": in_where,
        "what_of_tls": what_of_tls,
        "implicit": wording.IMPLICIT_ON_RELAY if params.get("port") == 25 else wording.IMPLICIT_FOR_CLIENTS,
        "tls_number": f"TLS {deep_wording.number_of(str(params.get('version', '')))}",
        "unnamed": wording.UNNAMED if params.get("unnamed") else "",
    }


def _of_network(params: Params) -> dict[str, str]:
    of = f" for {params['type']}" if params.get("type") else ""
    rcode = str(params.get("rcode", ""))
    return {
        "dns_trouble": wording.DNS_TROUBLE.get(rcode, wording.OTHER_RCODE).format(rcode=rcode, of=of),
        "no_v6": wording.NO_V6 if ":" in str(params.get("address", "")) else "",
        "leads": "is" if is_address(str(params.get("host", ""))) else "leads to",
    }


def _of_certificate(params: Params) -> dict[str, str]:
    values, issuer = _Lenient(params), params.get("root") or params.get("missing")
    values["authority"] = f" ({issuer})" if issuer else ""
    issued_by = wording.UNLINKED if params.get("missing") else wording.PRIVATE
    common = wording.COMMON_NAMES[bool(params.get("common_name")) + bool(params.get("covers"))]
    named = is_address(str(params.get("host", ""))) and params.get("names")
    return {
        "authority": values["authority"],
        "issued_by": issued_by.format_map(values),
        "common": common.format_map(values),
        "instead": f" Connect by the name that it is for: {params['names']}." if named else "",
    }


def _of_days(params: Params) -> dict[str, str]:
    """Whole days to the end, rounded down: -1 is "less than a day ago"."""
    if "days" not in params:
        return {}
    days = int(params["days"])
    whole = days if days >= 0 else -days - 1
    return {"days_word": plural(whole, "day") if whole else "less than a day"}


def _of_policy(params: Params) -> dict[str, str]:
    words = {}
    if "why" in params:
        words["why"] = policy_wording.REASONS.get(str(params["why"]), str(params["why"] or wording.NO_REASON))
    if params.get("vouched"):
        words["resolver"] = policy_wording.VOUCHED.format_map(_Lenient(params))
    return words


def _of_deep(params: Params) -> dict[str, str]:
    words = {}
    if "how" in params:
        words["where"] = deep_wording.WHERE.get(str(params["how"]), "elsewhere").format_map(_Lenient(params))
    if "state" in params:
        words["state_words"] = wording.STATE_WORDS.get(str(params["state"]), str(params["state"]))
        words["tls_words"] = deep_wording.tls_words(str(params.get("tls", "")), str(params.get("version", "")))
    if "unasked" in params:
        asked = str(params["unasked"]).split()
        words["unasked"] = ", ".join(deep_wording.UNASKED.get(one, one) for one in asked)
    return words


WORDS: tuple[Callable[[Params], dict[str, str]], ...] = (
    _of_session, _of_network, _of_certificate, _of_days, _of_policy, _of_deep,
)  # fmt: skip
"""What follows from parameters, in words; each may be used in any sentence."""
