"""How live checks are said: in Slack and in the terminal."""

from collections.abc import Mapping, Sequence

from commands.blocks import section
from commands.contract import Reply
from commands.pmta.facts import Endpoint, Facts
from commands.pmta.live import Claim
from commands.slack_text import clean, escape

PART = 6
"""Sentences in one section: each has at most 400 characters, a section 3,000."""

SIGNS = {"ok": ":white_check_mark:", "error": ":x:", "warning": ":warning:", "notice": ":information_source:"}

WORDS: Mapping[str, tuple[str, str]] = {
    "ptr_confirmed": ("ok", "{subject} is {seen} in reverse DNS, and that name leads back to it."),
    "ptr_absent": ("error", "{subject} has no PTR record; many receivers refuse mail from it. It should say {seen}."),
    "ptr_other": ("error", "The PTR of {subject} says {seen}: the name in HELO and reverse DNS disagree."),
    "ptr_not_confirmed": ("error", "The PTR of {subject} says {seen}, but that name does not lead back to it."),
    "ptr_unknown": ("notice", "Reverse DNS of {subject} could not be looked up: it is unknown."),
    "ptr_not_public": ("notice", "{subject} is not public, so its reverse DNS was not asked for."),
    "dkim_present": ("ok", "{subject} holds a DKIM key ({seen}). Whether it matches the key file cannot be seen here."),
    "dkim_absent": ("error", "{subject} does not exist: signatures with this key fail everywhere."),
    "dkim_revoked": ("error", "{subject} is revoked (empty p=): signatures with this key fail everywhere."),
    "dkim_malformed": ("error", "{subject} holds no DKIM record: {seen}"),
    "dkim_several": (
        "error",
        "{subject} holds {seen} DKIM records; verifiers may take any of them.",
    ),
    "dkim_unknown": ("notice", "{subject} could not be looked up: it is unknown."),
    "unknown": ("notice", "{subject} was not answered in time: it is unknown."),
}
"""State -> severity and sentence."""


def severity(claim: Claim) -> str:
    return WORDS[claim.state][0]


def sentence(claim: Claim) -> str:
    said = WORDS[claim.state][1].format(subject=claim.subject, seen=claim.seen)
    return clean(f"Line {claim.line}: {said}", 400)


def good(claims: Sequence[Claim]) -> bool:
    return all(severity(claim) != "error" for claim in claims)


def lines(claims: Sequence[Claim], claimed: Facts) -> list[str]:
    """For the terminal."""
    if not claims and not _checkable(claimed):
        return ["DNS has nothing to confirm here: no smtp-source-host with one address and no domain-key."]
    said = [f"{severity(claim):>7}  {sentence(claim)}" for claim in claims]
    return [*said, *(f"  check  portero check {one.host} {one.port}" for one in _checkable(claimed))]


def reply(claims: Sequence[Claim], claimed: Facts) -> Reply:
    """For Slack."""
    if not claims and not _checkable(claimed):
        return Reply("DNS has nothing to confirm here: no `smtp-source-host` with one address and no `domain-key`.")
    said = [f"{SIGNS[severity(claim)]} {escape(sentence(claim))}" for claim in claims]
    said += [f":mag: `/smtpcheck {escape(one.host)} {one.port}` checks line {one.line}." for one in _checkable(claimed)]
    head = "*Seen in DNS just now*"
    parts = [said[at : at + PART] for at in range(0, len(said), PART)]
    return Reply(
        "\n".join([head, *said]), [section(head), *(section("\n".join(part)) for part in parts)], good=good(claims)
    )


def _checkable(claimed: Facts) -> list[Endpoint]:
    """The relays and listeners that /smtpcheck can be asked about, each once."""
    unique = {(one.host, one.port): one for one in (*claimed.relays, *claimed.listeners)}
    return list(unique.values())[:10]
