"""What was is asked: when a host was looked at last, whether it was well, how it is against an hour ago. Pure.

A pattern for the whole text, in which a host stands as `HOST`, and what is typed for it behind `/smtphistory`.
"""

import re
from collections.abc import Sequence

from bot.slack.conversation.orders.order_words import HOST
from bot.slack.conversation.sentence.hosts import marked
from bot.slack.conversation.sentence.phrasing import bare
from bot.slack.conversation.sentence.understood import Understood
from commands.contract import UserError
from commands.other_words import translated
from commands.past_times import read_time
from commands.slack_text import undo

LONGEST = 160
"""Characters of such a question."""

_ANYBODY = r"(?:any(?:body|one)|some(?:body|one)|we|you)"
_WELL = "ok|okay|fine|working|well|alive|reachable|healthy|available|online"
ASKED: Sequence[tuple[str, str]] = (
    (r"when (?:was|were) ⌂ (?:last )?(?:checked|tested|looked at)(?: last)?", "{host}"),
    (rf"when did {_ANYBODY} (?:last )?(?:check|test|look at) ⌂(?: last)?", "{host}"),
    (r"(?:show )?(?:me )?(?:the )?(?:last|latest) (?:results?|checks?) (?:of|for|on) ⌂", "{host}"),
    (r"(?:los |las |el |la )?ultim[oa]s? (?:resultado|comprobacion)(?:e?s)? de ⌂", "{host}"),
    (
        rf"(?:has|did|have) {_ANYBODY} (?:ever |already )?(?:check|test|look)(?:ed)?(?: at)? ⌂(?: before| yet)?",
        "who asked {host}",
    ),
    (r"(?:alguien ha|ha) (?:comprobado|mirado|revisado) (?:alguien )?⌂(?: ya)?", "who asked {host}"),
    (rf"(?:was|were) ⌂ (?:{_WELL})(?: (?P<when>.{{2,30}}))?", "{host} {when}"),
    (r"(?:estaba|estuvo) (?:bien )?⌂(?: bien)?(?: (?P<when>.{2,30}))?", "{host} {when}"),
    (
        r"compare ⌂ (?:(?:as it is )?now )?(?:with|to|and|against) (?:how it was )?(?P<when>[^⌂]{2,30}?)(?: and now)?",
        "compare {host} since {when}",
    ),
    (r"(?:show )?(?:me )?my (?:last|latest|recent) (?:checks|results)", "mine"),
    (r"mis ultim[oa]s (?:comprobaciones|resultados)", "mine"),
    (r"(?:show )?(?:me )?everything since (?P<when>.{2,30})", "since {when}"),
    (r"what did (?:you|portero) check last|(?:the )?(?:last|latest) (?:checks|results)", ""),
    (r"(?:certs?|certificates?) (?:(?:that (?:are|is) )?(?:expiring|ending)|about to expire) soon", "certificates"),
)


def past_question(text: str) -> Understood | None:
    """`when was mail.example.com last checked?`"""
    if len(text) > LONGEST or "\n" in text:
        return None
    said, hosts = marked(undo(text), HOST)
    if len(hosts) > 1:
        return None
    known = bare(said)
    found = next(((match, line) for asked, line in _ASKED if (match := asked.fullmatch(known))), None)
    if found is None or ("{host}" in found[1]) != bool(hosts):
        return None
    named = found[0].groupdict().get("when") or ""
    when = _time(named)
    if named and not when:
        return None
    return Understood("smtphistory", found[1].format(host="".join(hosts), when=when).strip(), ordered=True)


def _time(named: str) -> str:
    """As it is typed; empty for what is no time."""
    words = translated(_THIS_MORNING.sub("today", named), "smtphistory").split()
    try:
        when, taken = read_time(words)
    except UserError:
        return ""
    return when if taken == len(words) else ""


_THIS_MORNING = re.compile(r"(?:this|esta) (?:morning|afternoon|evening|manana|tarde)")


_ASKED = [(re.compile(asked), line) for asked, line in ASKED]
