"""Words of a config that evidently hold no secret: those of the guide, of our rules, and of what bounces talk about."""

import re
from functools import lru_cache
from itertools import chain

from commands.pmta.language.catalogue import DIRECTIVES, GLOBAL, TAGS
from commands.pmta.language.lists import ACTIONS, TIMED_ACTIONS
from commands.pmta.language.names import INVENTED, INVENTED_TAGS, MEANT, TAGS_MEANT
from commands.pmta.language.remembered import remembered
from commands.pmta.language.values import arguments
from commands.secrets import plain_words

NEAR_VALUE = 6
"""Letters of a value for which another word may stand, misspelt."""

_OTHERS = (
    "bad-configuration bad-connection bad-domain bad-mailbox content-related inactive-mailbox invalid-sender"
    " message-expired no-answer-from-host other policy-related protocol-errors quota-issues relaying-issues"
    " routing-errors spam-related success system-related virus-related"
    " timelogged timequeued orig rcpt orcpt dsnaction dsnstatus dsndiag dsnmta bouncecat srctype srcmta dlvtype"
    " dlvsourceip dlvdestinationip dlvesmtpavailable dlvsize vmta jobid envid queue viaprocessor"
    " quota mailbox full box user users unknown weight please exceeded over such blocked"
    " spam camp isps big fbl each type vmta spamhaus"
    " host hosts port ports null true false none localhost smtp http https mta relay mail server config conf cfg txt"
)
"""Categories of bounces, record fields, and what bounces and configs of other programs talk about."""


def is_plain(word: str) -> bool:
    """Whether a word of a setting evidently holds no secret."""
    return plain_words.is_plain(word, words())


def is_plain_in_prose(word: str) -> bool:
    return plain_words.is_plain_word(word) or is_plain(word)


@remembered(1024)
def is_nearly_value(word: str) -> bool:
    from rapidfuzz.distance import OSA  # noqa: PLC0415  needed for mistakes only, and costs 20 ms to import

    written = word.lower().rpartition("=")[2]
    return len(written) >= NEAR_VALUE and any(OSA.distance(written, one, score_cutoff=2) <= 2 for one in _values())


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """The names of the catalogue, their parts and values, and the words of its notes and of the rules' manuals."""
    from commands.pmta.rules import RULES  # noqa: PLC0415  the rules need what this module is a part of

    rows = [row for known in DIRECTIVES.values() for row in known]
    names = {*DIRECTIVES, *TAGS, *INVENTED, *MEANT, *INVENTED_TAGS, *TAGS_MEANT, GLOBAL}
    prose = chain(
        (f"{row.note} {row.default}" for row in rows),
        (f"{tag.argument_is} {tag.note}" for tag in TAGS.values()),
        (f"{rule.manual.summary} {rule.manual.why}" for rule in RULES),
        (saying.message for rule in RULES for saying in rule.says.values()),
    )
    said = {word for text in prose for word in re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", text.lower())}
    parts = {part for name in names for part in name.split("-")}
    return frozenset({*names, *_values(), *parts, *said, *_OTHERS.split()})


@lru_cache(maxsize=1)
def _values() -> frozenset[str]:
    """The values of closed sets, and what patterns may do."""
    rows = [row for known in DIRECTIVES.values() for row in known]
    values = {kind[1:] for row in rows for one in arguments(row.form) for kind in one.kinds if kind[0] == "="}
    return frozenset({*values, *ACTIONS, *TIMED_ACTIONS, "backoff", "normal"})
