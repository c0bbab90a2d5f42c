"""Which reasons stand in the answer itself: the weightiest that fit into a few lines. All of them are behind *Why*."""

from collections.abc import Sequence

from commands.smtpport.answer import Avoided, Claim

MOST_REASONS = 3
MOST_LINES = 4
BESIDE_LINES = 2
"""Lines that reasons take, and how many beside lines to paste or what a pasted error means."""

WIDTH = 100
"""Characters of a line in Slack at 700 pixels."""

_BEHIND = frozenset(
    {
        "provider_offers",
        "provider_may_offer",
        "plain_too",
        "network_open",
        "outbound_only",
        "from_probe",
        "relay_apps",
        "relay_tls",
        "most_offer",
        "no_provider",
    }
)
"""What is not said unless somebody asks why."""

CIRCUMSTANCES = frozenset(
    {
        "arrives",
        "starttls_works",
        "workspace_only",
        "hosting_relay",
        "closed_in",
        "mesh",
        "frozen",
        "first_start",
        "setting_unread",
        "inside_out",
        "inbound_only",
        "server_closed",
        "this_network",
        "ip_versions",
        "works_elsewhere",
        "host_bars_others",
    }
)
"""Causes outside port and provider."""

POINT_MISSED = frozenset({"unread_report", "role_open", "much_unread", "cause_unsaid", "point_open", "aim_open"})
"""What is said where the error, or what is asked, was not understood: what would settle it."""

LEADS = (
    CIRCUMSTANCES
    | POINT_MISSED
    | frozenset(
        {
            "several_fail",
            "either_provider",
            "either_gets_out",
            "either_takes",
            "reading_port",
            "page_port",
            "catcher_port",
            "hoster_port",
            "odd_port",
            "needs_login",
            "login_wanted",
            "any_port",
            "taken_there",
            "oauth_only",
            "not_taken_there",
            "not_known_there",
            "closed_there",
            "closed_if",
            "closed_to_some",
            "last_resort",
            "apps_not_on_25",
            "open_if",
            "stays_closed",
            "remark",
            "unclear_there",
            "open_there",
            "varies_there",
            "disputed_there",
            "both_failed",
            "all_closed",
            "web_only",
            "modes_swapped",
            "modes_by_port",
            "works_not_465",
            "to_lift",
            "opens_25",
            "ask_operator",
            "where_to_run",
            "only_port",
            "block_lifted",
            "relay_instead",
        }
    )
)
"""What stands in the first line, before the port: it is what was asked."""

_FIRST = frozenset(
    {
        "list_named",
        "list_unknown",
        "list_closed",
        "mode_not_offered",
        "software_starttls",
        "nothing_left",
        "elsewhere",
        "elsewhere_open",
        "relay_needs_25",
        "no_cleartext",
        "check_page",
        "works_already",
        "login_wanted",
        "lets_it_out",
        "did_you_mean",
    }
)
"""What the way of asking calls for."""

_DESPITE_DIAGNOSIS = CIRCUMSTANCES | frozenset(
    {"reading_port", "page_port", "catcher_port", "odd_port", "only_port", "both_failed", "several_fail"}
    | {
        "login_wanted",
        "oauth_only",
        "closed_there",
        "closed_if",
        "closed_to_some",
        "apps_not_on_25",
        "opens_25",
        "stays_closed",
    }
)
"""Leads that say more than what an error means."""


def lead_of(claims: Sequence[Claim], *, is_diagnosed: bool) -> Claim | None:
    """What stands before the port in the first line, if anything does."""
    leads = _DESPITE_DIAGNOSIS if is_diagnosed else LEADS
    found = [claim for claim in claims if claim.code in leads]
    return min(found, key=lambda claim: (claim.code not in _WRONG_PORTS, claim.code not in CIRCUMSTANCES), default=None)


_WRONG_PORTS = frozenset({"reading_port", "page_port", "catcher_port", "odd_port", "modes_swapped"})
"""What says more than any circumstance."""


_BEFORE_ALL = ("lines_", "remark", "login_of")
"""Why lines to paste differ from the first line, or are missing; what is known of a product, and the login it wants."""


def main_reasons(claims: Sequence[Claim], avoid: Sequence[Avoided]) -> list[int]:
    """The places of the reasons that may stand in the answer: the one for the port, then the weightiest.

    What a network blocks is not told twice: what to avoid says it as well.
    """
    is_told = any(it.reason.code.startswith("network_closes") for it in avoid)
    is_told = is_told or not _TELLING.isdisjoint(claim.code for claim in claims)
    behind = _BEHIND | ({"network_blocked"} if is_told else set())
    shown = [place for place, claim in enumerate(claims) if claim.code not in behind]
    return sorted(shown, key=lambda place: (_weight(claims[place].code, is_first=place == 0), place))


_TELLING = frozenset({"opens_25", "stays_closed"})
"""What says that the network closes 25."""


def _weight(code: str, *, is_first: bool) -> int:
    """The place in the order: lower stands before."""
    if code.startswith(_BEFORE_ALL):
        return 0
    if is_first or code in _FIRST or code in LEADS:
        return 1 if is_first else 2
    return 3 if code.startswith("network_") else 4


def fitting(sentences: Sequence[str], lines: int) -> list[str]:
    """The first sentence, and of the following those that fit into what is left of some lines."""
    taken: list[str] = []
    for sentence in sentences:
        height = -(-len(sentence) // WIDTH)
        if not taken or (height <= lines and len(taken) < MOST_REASONS):
            taken.append(sentence)
            lines -= height
    return taken
