"""A watch on a host with several addresses: one of them that goes down is told, with its address."""

from dataclasses import replace

from commands.watch.state.baseline import APART, ENDPOINTS, never_seen
from commands.watch.state.endpoints import of_check
from commands.watch.state.model import State
from commands.watch.view.wording import broken

from .samples import a_watch, document, endpoint

NAME = "mail.example.com"
ONE, TWO, SIX = "192.0.2.25", "192.0.2.26", "2001:db8::25"


def pool(second="open", third="open", **more):
    """Port 25 at three addresses, the first of which is well."""
    points = ((ONE, "open"), (TWO, second), (SIX, third))
    return document(*(endpoint(25, state, address=address) for address, state in points), **more)


def after(*runs, failing=()):
    """The observation of the last of these runs, by a watch that learned from the others."""
    baseline = {}
    for run in runs[:-1]:
        baseline |= of_check(replace(a_watch(), state=State(baseline=baseline)), run, {}).learned
    return of_check(replace(a_watch(), state=State("up", baseline=baseline, failing=failing)), runs[-1], {})


def test_an_address_that_goes_down_is_told_by_name_although_the_others_answer():
    said = [("address_down", "warning")]
    seen = after(pool(), pool("refused", findings=said))
    code = f"refused {NAME}[{TWO}]:25"
    assert (seen.outcome, seen.failing) == ("bad", (code,))
    assert [one["code"] for one in seen.findings] == ["address_down"]
    assert broken(seen.failing, NAME) == f"{NAME}[{TWO}] 25 refused"
    assert after(pool(), pool(), failing=(code,)).outcome == "good"
    assert after(pool(), document(endpoint(25), endpoint(25, address=SIX)), failing=(code,)).outcome == "good"


def test_an_address_that_was_down_from_the_start_is_left_out_until_it_was_seen_well():
    first = after(pool(third="refused"))
    assert (first.outcome, first.learned[APART]) == ("good", [f"{NAME}[{SIX}]:25"])
    assert after(pool(third="refused"), pool(third="refused")).outcome == "good"
    assert after(pool(third="refused"), pool("refused", "refused")).failing == (f"refused {NAME}[{TWO}]:25",)
    assert after(pool(third="refused"), pool("refused", "refused"), pool(third="refused")).outcome == "good"
    whole = document(*(endpoint(25, "refused", address=each) for each in (ONE, TWO, SIX)), verdict="failed")
    assert after(pool(third="refused"), whole, pool(third="refused")).outcome == "good"  # as before the outage
    assert after(pool(third="refused"), pool(), pool(third="refused")).failing == (f"refused {NAME}[{SIX}]:25",)


def test_an_address_of_a_port_that_was_open_is_not_told_as_never_seen_open():
    known = State(baseline=after(pool()).learned)
    codes = [f"refused {NAME}[{TWO}]:25", f"refused {NAME}:587"]
    assert never_seen(a_watch(state=known), codes) == codes[1:]


def test_an_address_that_is_new_in_dns_and_down_is_told():
    two = document(endpoint(25), endpoint(25, address=TWO))
    assert after(two, pool(third="refused")).failing == (f"refused {NAME}[{SIX}]:25",)


def test_an_address_of_which_nothing_is_known_neither_alerts_nor_ends_an_incident():
    code = f"refused {NAME}[{TWO}]:25"
    for state in ("no_answer", "rate_limited", "not_finished"):
        assert after(pool(), pool(state)).outcome == "good"
        seen = after(pool(), pool(state), failing=(code,))
        assert (seen.outcome, seen.held) == ("good", (f"{NAME}[{TWO}]:25",))


def test_a_family_that_we_have_not_is_no_address_that_is_down():
    for state in ("no_ipv6_here", "unreachable"):
        seen = after(pool(), pool(third=state))
        assert (seen.outcome, seen.failing) == ("good", ())
    alone = document(endpoint(25, "no_ipv4_here"), verdict="unknown")
    assert after(document(endpoint(25)), alone).outcome == "unknown"


def test_when_all_addresses_are_down_the_port_is():
    all_down = document(*(endpoint(25, "refused", address=address) for address in (ONE, TWO)), verdict="failed")
    assert after(pool(), all_down).failing == (f"refused {NAME}:25",)
    assert ENDPOINTS not in after(pool(), all_down).learned
