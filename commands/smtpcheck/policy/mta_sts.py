"""MTA-STS of a domain: its record and the policy behind it, whether they hold, and which MX hosts the policy names.

The policy host is one more name that somebody else controls, so the guarded client asks it. The two texts are read in
`mta_sts_text`.

Source: RFC 8461 sections 3.2, 3.3 and 4.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from commands.slack_text import clean
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.https.client import Failure, Fetched, HttpsClient, Message
from commands.smtpcheck.https.response import Response
from commands.smtpcheck.lookup.question import SecureResolver, text_of
from commands.smtpcheck.policy.mta_sts_text import Broken, StsPolicy, covers, is_record, parse_policy, parse_record
from commands.smtpcheck.result.findings import Code, Found, Value, row_of
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Route

SHORT_MAX_AGE = 86_400

Detail: TypeAlias = str | int
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

StsState: TypeAlias = Literal[
    "valid",
    "absent",
    "unknown",
    "many_records",
    "bad_record",
    "no_host",
    "host_unknown",
    "forbidden",
    "denied",
    "unreachable",
    "timeout",
    "closed",
    "tls",
    "certificate",
    "malformed",
    "too_large",
    "redirect",
    "status",
    "content_type",
    "bad_policy",
]


@dataclass(frozen=True, slots=True)
class MtaSts:
    """`state` is `valid`, `absent` or the code of what is wrong, without `mta_sts_`; `detail` is its evidence (what was

    sent), or a code of `Language.REASONS`.
    `id` is the record's, `policy` the fetched one; `uncovered` are MX hosts that no pattern of the policy names.
    """

    state: StsState
    host: str = ""
    id: str = ""
    policy: StsPolicy | None = None
    uncovered: tuple[str, ...] = ()
    detail: Detail = ""

    @property
    def enforced(self) -> bool:
        return self.policy is not None and self.policy.mode == "enforce"


def judge_policy(fetched: Fetched, host: str, identity: str, exchanges: Sequence[str]) -> MtaSts:
    """What follows from what the policy host sent. Pure."""
    if fetched.response is None:
        return MtaSts(_FAILED[fetched.failure], host, identity, detail=fetched.detail or fetched.failure)
    objection = _objection(fetched.response)
    if objection:
        return MtaSts(objection[0], host, identity, detail=objection[1])
    policy = parse_policy(fetched.response.body)
    if isinstance(policy, Broken):
        return MtaSts("bad_policy", host, identity, detail=policy.field)
    missing = () if policy.mode == "none" else tuple(name for name in exchanges if not covers(policy.mx, name))
    return MtaSts("valid", host, identity, policy, missing)


_FAILED: Mapping[Failure, StsState] = {
    "": "unknown",
    "connected": "unknown",
    "refused": "unreachable",
    "no_answer": "unreachable",
    "unreachable": "unreachable",
    "no_route": "unreachable",
    "not_permitted": "unreachable",
    "no_host": "no_host",
    "host_unknown": "host_unknown",
    "forbidden": "forbidden",
    "denied": "denied",
    "timeout": "timeout",
    "closed": "closed",
    "tls": "tls",
    "certificate": "certificate",
    "malformed": "malformed",
    "too_large": "too_large",
}


def _objection(response: Response) -> tuple[StsState, Detail] | None:
    if response.status in _REDIRECTS:
        return "redirect", response.status
    if response.status != 200:
        return "status", response.status
    content_type = response.fields.get("content-type", "")
    plain = content_type.partition(";")[0].strip().lower() == "text/plain"
    return None if plain else ("content_type", clean(content_type))


def mta_sts_findings(domain: str, found: MtaSts) -> list[Found]:
    """A domain without MTA-STS is nothing to speak of; everything else is."""
    params: dict[str, Value] = {"name": domain, "host": found.host, "detail": found.detail, "why": found.detail}
    if found.state == "absent":
        return []
    if found.policy is None:
        return [(row_of(f"mta_sts_{found.state}"), params)]
    policy = found.policy
    days = policy.max_age // 86_400
    findings: list[Found] = [
        (row_of(f"mta_sts_{policy.mode}"), {**params, "days": days, "mx": ", ".join(policy.mx[:3])})
    ]
    findings += [
        (Code.MTA_STS_MX_EXCLUDED if found.enforced else Code.MTA_STS_MX_UNLISTED, {**params, "host": name})
        for name in found.uncovered
    ]
    if policy.mode != "none" and policy.max_age < SHORT_MAX_AGE:
        findings.append((Code.MTA_STS_SHORT_MAX_AGE, {**params, "seconds": policy.max_age}))
    return findings


PATH = "/.well-known/mta-sts.txt"
ACCEPT = {"Accept": "text/plain"}
FETCH_S = 10.0


async def look_up_mta_sts(
    domain: str,
    exchanges: Sequence[str],
    *,
    resolver: SecureResolver,
    guard: Guard,
    store: TrustStore,
    route: Route,
    at: datetime,
) -> MtaSts:
    """The record and, if there is one, the policy. Two look-ups and one request, in turn; never raises."""
    answer = await resolver.ask(f"_mta-sts.{domain}", "TXT")
    if not answer.is_certain:
        return MtaSts("unknown", detail=answer.rcode or answer.failure)
    texts = [text for text in map(text_of, answer.records) if is_record(text)]
    if len(texts) != 1:
        return MtaSts("many_records" if texts else "absent")
    identity, host = parse_record(texts[0]), f"mta-sts.{domain}"
    if not identity:
        return MtaSts("bad_record", detail=clean(texts[0]))
    client = HttpsClient(resolver.ask, guard, store, route)
    fetched = await client.send(Message(host, PATH, fields=ACCEPT), at=at, within=FETCH_S)
    return judge_policy(fetched, host, identity, exchanges)
