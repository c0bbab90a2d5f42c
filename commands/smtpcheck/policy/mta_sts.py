"""Looks up what a domain's MTA-STS says: the record, and the policy behind it.

Source: RFC 8461. The policy host is one more name that somebody else controls, so the guard judges every address of
it, and the request goes to exactly the one that was judged.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from commands.slack_text import clean
from commands.smtpcheck.guard import DENIED_BY_OWNER, Guard
from commands.smtpcheck.lookup.dnssec import SecureResolver, text_of
from commands.smtpcheck.policy.https import fetch
from commands.smtpcheck.policy.mta_sts_text import is_record, parse_record
from commands.smtpcheck.policy.mta_sts_verdict import MtaSts, StsState, judge_policy
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Route

PATH = "/.well-known/mta-sts.txt"
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
    addresses, why_not = await _judged_addresses(host, resolver, guard)
    if why_not:
        return MtaSts(why_not, host, identity)
    fetched = await fetch(host, addresses, PATH, store=store, route=route, at=at, within=FETCH_S)
    return judge_policy(fetched, host, identity, exchanges)


async def _judged_addresses(
    host: str, resolver: SecureResolver, guard: Guard
) -> tuple[tuple[str, ...], StsState | None]:
    """An address of each family that may be connected to, IPv4 first; else why there is none."""
    families = await asyncio.gather(resolver.ask(host, "A"), resolver.ask(host, "AAAA"))
    v4, v6 = (sorted(record.address for record in answer.records) for answer in families)
    verdict = guard.judge_host((host, *(name for answer in families for name in answer.aliases)), v4 + v6)
    if verdict.reason == "no_address":
        return (), "no_host" if all(answer.is_certain for answer in families) else "host_unknown"
    if not verdict.allowed:
        return (), "denied" if verdict.reason == DENIED_BY_OWNER else "forbidden"
    return (*v4[:1], *v6[:1]), None
