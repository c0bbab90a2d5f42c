"""Which sentences of a finding are said, by what was seen: keys of the catalogue. Pure; knows no words but theirs."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from commands.smtpcheck.result.findings import RELAY, Code, Params
from commands.smtpcheck.result.meanings import BY_NAME, Meaning, Subject
from commands.smtpcheck.result.sentences.languages import WORDS

Keys: TypeAlias = tuple[str, ...]
MEANING = "meaning:"


def _inside(params: Params) -> Keys:
    return (".inside_tls",) if params.get("inside") else ("",)


def _ended_early(params: Params) -> Keys:
    if params.get("inside"):
        return (".inside_tls",)
    waited = params.get("waited")
    return (".later",) if isinstance(waited, int | float) and waited >= 1 else ("",)


BUSY, TEMPORARY = 421, range(400, 500)
INTERNAL_ERROR = "TLSV1_ALERT_INTERNAL_ERROR"
"""OpenSSL's name of the alert, from Python 3.11 to 3.13."""


def _refusal(plain: Callable[[Params], Keys]) -> Callable[[Params], Keys]:
    """What a refusal means, behind its words; a blocklist that it names first. `plain` where that is not known."""

    def keys(params: Params) -> Keys:
        meaning = str(params.get("meaning", ""))
        listing = f"refused_by_policy.{params.get('listing')}"
        known = meaning in WORDS.MEANINGS
        said: Keys = (listing,) if listing in WORDS.SENTENCES else (_behind(params, meaning), MEANING + meaning)
        beside = {
            "look_up_failed_for_now": meaning == Meaning.REVERSE_DNS
            and params.get("code") in TEMPORARY
            and params.get("own_ptr") not in PTR_IS_WRONG,
            "only_reported": known and params.get("reported"),
            **dict.fromkeys(_own_ptr(params), True),
            "only_inside_tls": params.get("step") == "ehlo_after_tls",
        }
        unknown: Keys = (".starttls",) if _puts_off_starttls(params) else plain(params)
        return (*(said if known else unknown), *(key for key, is_there in beside.items() if is_there))

    return keys


def _behind(params: Params, meaning: str) -> str:
    """How the words of a refusal are told: what refuses STARTTLS for now does not refuse mail."""
    known = BY_NAME.get(meaning)
    of_rate = known is not None and known.subject is Subject.RATE
    return ".starttls" if _puts_off_starttls(params) and not of_rate else ".said"


def _puts_off_starttls(params: Params) -> bool:
    code = params.get("code")
    return params.get("step") == "starttls" and code in TEMPORARY and code != BUSY


def _before_tls(params: Params) -> Keys:
    kind = params.get("kind")
    guessed = (".guessed",) if params.get("guessed") else ()
    return (f".{kind}" if kind in {"challenge", "external"} else "", *guessed)


def _no_ehlo_reply(params: Params) -> Keys:
    ended = str(params.get("ended", ""))
    if ended == "early":
        return (".early",)
    inside = "inside_tls" if params.get("inside") else ""
    key = "_".join(filter(None, [ended if ended in {"closed", "reset"} else "", inside]))
    return (f".{key}" if key else "",)


def _wants_certificate(params: Params) -> Keys:
    """Without STARTTLS was not tried: on the port between servers mail may be taken so."""
    said = "_said" if params.get("where") == "reply" else ""
    return (f".relay{said}" if params.get("port") == RELAY else ".said" if said else "",)


AT_ONCE_S = 0.5
"""Who has no route knows at once; what takes longer was sent, and somebody was asked."""


UNREACHABLE_BY: Mapping[str, str] = {"host": ".hop", "hop": ".hop", "expired": ".expired", "us": ".next_hop"}


def _unreachable(params: Params) -> Keys:
    """Without IPv6 there is no ICMP message, and no wait."""
    by, seconds = str(params.get("by")), params.get("seconds", 0.0)
    if by == "hop" and params.get("near"):
        return (".own_router",)
    if by in UNREACHABLE_BY:
        return (UNREACHABLE_BY[by],)
    at_once = isinstance(seconds, int | float) and seconds < AT_ONCE_S
    return ("", ".ipv6") if at_once and ":" in str(params.get("address", "")) else ("",)


def _rejected(params: Params) -> Keys:
    if params.get("by") == "hop":
        return (".hop_beside",) if params.get("host_ms") else (".hop",)
    return (".host",) if params.get("by") == "host" else ("",)


def _rejected_by(params: Params) -> Keys:
    by = params.get("by")
    return ("", f"rejected_target.{by}") if by in {"hop", "host"} else ("",)


def _forbidden(params: Params) -> Keys:
    if params.get("by_address"):
        return (".address",)
    return (".some" if params.get("some") else ".nowhere" if params.get("reason") in WORDS.ADDRESS_KINDS else "",)


def _untrusted(params: Params) -> Keys:
    return (".unlinked",) if params.get("missing") else (".root",) if params.get("root") else ("",)


def _no_san(params: Params) -> Keys:
    return (("", ".other", ".own")[bool(params.get("common_name")) + bool(params.get("covers"))],)


def _wrong_name(params: Params) -> Keys:
    """Who connected by address is told the name to use; where that is the address, what is wrong with it."""
    names = params.get("names")
    if isinstance(names, Sequence) and params.get("host") in names:
        return (".as_name",)
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
    if rcode == "REFERRAL":
        return (".referral",)
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


def _name_rejected(params: Params) -> Keys:
    fit = params.get("fit")
    if fit == "matches" and params.get("own_ptr") in PTR_IS_WRONG:
        fit = "matches_alone"
    said = f".{fit}" if fit in {"matches", "matches_alone", "elsewhere", "resolves", "absent", "unknown"} else ""
    return (said, *_own_ptr(params))


PTR_IS_WRONG = frozenset({"missing", "not_confirmed"})
"""What our address is in reverse DNS where that is ours to mend."""


def _own_ptr(params: Params) -> Keys:
    """What our address is in reverse DNS, where that was looked up."""
    key = f"own_ptr.{params.get('own_ptr')}"
    return (key,) if key in WORDS.SENTENCES else ()


def _not_smtp(params: Params) -> Keys:
    protocol = params.get("protocol")
    if protocol == "HTTP" and params.get("inside"):
        return (".https",)
    return (".lmtp" if protocol == "LMTP" else ".protocol" if protocol else "",)


def _few_connections(params: Params) -> Keys:
    return (".said" if params.get("said") else "", ".one" if params.get("others") == 1 else ".few")


def _flag(parameter: str, key: str, *, beside: bool = False) -> Callable[[Params], Keys]:
    """Another sentence (or one more, `beside` it) where this parameter is there and not empty."""

    def keys(params: Params) -> Keys:
        if not params.get(parameter):
            return ("",)
        return ("", key) if beside else (key,)

    return keys


def _variant(parameter: str, *values: str) -> Callable[[Params], Keys]:
    """A sentence of its own for each of these values."""

    def keys(params: Params) -> Keys:
        value = params.get(parameter)
        return (f".{value}" if value in values else "",)

    return keys


def _missing(params: Params) -> Keys:
    """A name that does not exist, or that of an alias; and what a record that lacks its final dot meant."""
    said: Keys = (".alias",) if params.get("alias_of") else ("",)
    return (*said, "final_dot") if params.get("meant") else said


def _unless(parameter: str, key: str) -> Callable[[Params], Keys]:
    return lambda params: ("",) if params.get(parameter) else (key,)


def _addresses(params: Params) -> Keys:
    """All that there is of a family, one, or several; one whose certificate alone is out of date."""
    count, how = params.get("count"), params.get("how")
    apart = {one.get("apart") for one in how if isinstance(one, Mapping)} if isinstance(how, Sequence) else set()
    if apart == {"expired"} and count == 1 and not params.get("family"):
        return (".expired",)
    return (".family",) if params.get("family") else (".several",) if isinstance(count, int) and count > 1 else ("",)


VARIANTS: Mapping[str, Callable[[Params], Keys]] = {
    Code.UNREACHABLE: _unreachable,
    Code.REJECTED: _rejected,
    Code.REJECTED_TARGET: _rejected_by,
    Code.REJECTED_EITHER: _rejected_by,
    Code.REFUSED: _flag("controls", ".reached"),
    Code.NO_ANSWER: lambda params: (".lossy",) if params.get("lossy") else _flag("source", ".other_source")(params),
    Code.NOT_PERMITTED: _flag("router", ".router"),
    Code.FEW_CONNECTIONS: _few_connections,
    Code.NOT_ASKED_ALONE: _unless("others", ".again"),
    Code.VANTAGE_GONE: _unless("heard", ".at_once"),
    Code.VANTAGE_LATE: _unless("heard", ".at_once"),
    Code.VANTAGE_CUT: _unless("heard", ".at_once"),
    Code.NOT_FINISHED: _unless("seconds", ".not_begun"),
    Code.FORBIDDEN: _forbidden,
    Code.ADDRESS_NOT_PUBLIC: lambda params: ("" if params.get("count") == 1 else ".several",),
    Code.ADDRESS_UNUSABLE: _variant("kind", "mapped"),
    Code.NO_GREETING: _inside,
    Code.INCOMPLETE_GREETING: _variant("ended", "timeout"),
    Code.CLOSED_BEFORE_GREETING: _ended_early,
    Code.RESET_BEFORE_GREETING: _ended_early,
    Code.PROXY_HEADER_EXPECTED: _variant("without", "closed", "reset", "turned_away"),
    Code.TAKEN_ALIKE: _variant("how", "closed", "other"),
    Code.NOT_SMTP: _not_smtp,
    Code.EHLO_NOT_UNDERSTOOD: _flag("ended", ".unseen"),
    Code.EHLO_NAME_REJECTED: _name_rejected,
    Code.RATE_LIMITED: _refusal(_inside),
    Code.TEMP_REFUSED: _refusal(lambda _params: ("",)),
    Code.REFUSED_BY_POLICY: _refusal(lambda _params: ("",)),
    Code.REFUSED_LATER: _variant("by", "rblsmtpd", "spamd"),
    Code.TLS_REQUIRED: _variant("step", "greeting"),
    Code.AUTH_BEFORE_TLS: _variant("kind", "token", "both"),
    Code.LOGIN_BEFORE_TLS: _before_tls,
    Code.STARTTLS_BROKEN_TEMP: _variant("where", "unnamed"),
    Code.TLS_WANTS_CERTIFICATE: _wants_certificate,
    Code.NO_EHLO_REPLY: _no_ehlo_reply,
    Code.IMPLICIT_TLS: lambda params: (".relay" if params.get("port") == RELAY else "",),
    Code.PATH_MTU_BLACK_HOLE: _flag("others", ".beside"),
    Code.SNI_REJECTED: _flag("unnamed", ".unnamed", beside=True),
    Code.TLS_FAILED: lambda params: (".internal_error" if params.get("said") == INTERNAL_ERROR else "",),
    Code.TLS_CLOSED: _variant("where", "starttls"),
    Code.TLS_RESET: _variant("where", "starttls"),
    Code.TLS_TIMEOUT: _variant("where", "starttls"),
    Code.CERT_UNTRUSTED: _untrusted,
    Code.CERT_CHAIN_INCOMPLETE: _flag("missing", ".named"),
    Code.CERT_NAME_MISMATCH: _wrong_name,
    Code.CERT_NO_SAN: _no_san,
    Code.CERT_DIFFERS: _variant("how", "family", "no_name", "address"),
    Code.ADDRESS_DOWN: _addresses,
    Code.ADDRESS_DIFFERS: _addresses,
    Code.ADDRESS_UNKNOWN: _addresses,
    Code.FAMILY_DIFFERS: _flag("version", ".version"),
    Code.CONTROL_PROBE: lambda params: (
        ".earlier" if params.get("ago_s") else "",
        *((".alone",) if params.get("alone") else ()),
    ),
    Code.DNS_SERVFAIL: _look_up,
    Code.MX_SERVFAIL: _look_up,
    Code.DNS_TIMEOUT: _only,
    Code.MX_TIMEOUT: _only,
    Code.DNS_FAMILY_FAILED: lambda params: (".four" if params.get("type") == "A" else "",),
    Code.DNS_NXDOMAIN: _missing,
    Code.DNS_NO_DATA: _flag("alias_of", ".alias"),
    Code.MX_NXDOMAIN: _missing,
    Code.SRV_OFFERED: _flag("untried", ".untried"),
    Code.SRV_NO_HOST: _flag("meant", "final_dot", beside=True),
    Code.MX_NO_ADDRESS: _flag("alias_of", ".alias"),
    Code.MTA_STS_UNKNOWN: _unless("why", ".no_reason"),
    **{code: _of_dane for code in Code if code.startswith("dane_")},
    Code.DANE_UNSIGNED: _variant("why", "signed"),
    Code.DANE_VALID: _dane_valid,
    Code.DANE_UNKNOWN: _dane_unknown,
}
"""Code -> the keys of its sentences for what was seen: variants of its own (`.ipv6`) or a sentence of several codes."""
