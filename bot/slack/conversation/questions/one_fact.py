"""One fact of a host that is asked for, and nothing else: its address, its software, its MX. Pure, and total."""

import re
from collections.abc import Mapping, Sequence

from bot.slack.conversation.orders.order_words import HOST
from bot.slack.conversation.sentence.hosts import marked
from bot.slack.conversation.sentence.little_words import TLS, asked_of
from bot.slack.conversation.sentence.phrasing import bare
from bot.slack.conversation.sentence.understood import Understood
from commands.slack_text import undo

LONGEST = 160
"""Characters of such a question."""

_CERTIFICATE = (
    r"(?:(?:the |its |el |su )?(?:tls |ssl )?(?:cert|certificate|certificado)(?: (?:of|on|for|de))?(?: it)?|it)"
)
FACTS: Mapping[str, Sequence[str]] = {
    "address": [
        asked_of(frozenset({"ip", "ips", "address", "addresses", "direccion", "direcciones"})),
        r"(?:what|which address(?:es)?|which ips?|where) does it resolve to",
    ],
    "ipv6": [asked_of(frozenset({"ipv6", "aaaa", "v6"}))],
    "software": [
        asked_of(frozenset({"software", "mta", "banner", "greeting"})),
        r"what (?:mail ?)?server (?:software )?(?:is it(?: running| using)?|does it (?:run|use))",
    ],
    "mx": [
        (
            r"(?:who|what|which|whats|que|cual|cuales)(?: is|'s| are| es| son)? (?:the |el |los )?"
            r"(?:mxe?s?|mx (?:hosts?|records?|servers?)|mail (?:servers?|exchangers?))(?: (?:of|for|does|de|has))? it"
            r"(?: have| use)?"
        ),
    ],
    "versions": [rf"(?=.*\bversion(?:s|es)\b){asked_of(TLS)}"],
    "issuer": [
        rf"(?:who|which ca|what ca|quien)(?: has| ha)? (?:issued|signed|emitio|firmo|emitido|firmado) {_CERTIFICATE}",
        rf"(?:who|what|which)(?: is|'s) the (?:issuer|ca) of {_CERTIFICATE}",
    ],
}
"""What is asked of `it`: patterns for the whole text."""


def one_fact(text: str) -> Understood | None:
    """`what's the ip of mail.example.com`"""
    if len(text) > LONGEST or "\n" in text:
        return None
    said, hosts = marked(undo(text), HOST)
    if len(hosts) != 1:
        return None
    of_it = bare(said.replace(HOST, "it"))
    name = next((name for name, asked in _FACTS if any(one.fullmatch(of_it) for one in asked)), "")
    return Understood("smtpcheck", ordered=True, action="aspect", value=f"{name} {hosts[0]}") if name else None


_FACTS = [(name, [re.compile(one) for one in asked]) for name, asked in FACTS.items()]
