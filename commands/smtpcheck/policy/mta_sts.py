"""Looks up what a domain's MTA-STS says: the record, and the policy behind it.

Source: RFC 8461. The policy host is one more name that somebody else controls, so the guarded client asks it.
"""

from collections.abc import Sequence
from datetime import datetime

from commands.slack_text import clean
from commands.smtpcheck.address.guard import Guard
from commands.smtpcheck.https.client import HttpsClient, Message
from commands.smtpcheck.lookup.question import SecureResolver, text_of
from commands.smtpcheck.policy.mta_sts_text import is_record, parse_record
from commands.smtpcheck.policy.mta_sts_verdict import MtaSts, judge_policy
from commands.smtpcheck.tls.trust import TrustStore
from commands.smtpcheck.wire.connection import Route

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
