"""What an answer says beyond its port: reasons, what to avoid, and fairness where sources disagree."""

import pytest

from commands.smtpport.advise import advise
from commands.smtpport.phrases import CLAIMS
from commands.smtpport.reader import Question, read
from commands.smtpport.seen import Seen
from tests.smtpport.questions import QUESTIONS


def advice_of(text):
    return advise(read(text))


def codes(text):
    return [claim.code for claim in advice_of(text).reasons]


def avoided(text):
    return {it.port: it.reason.code for it in advice_of(text).avoid}


def test_sparkpost_refuses_465_and_the_answer_says_so():
    assert avoided("sparkpost 465")[465] == "refuses"


def test_465_is_recommended_for_a_provider_that_offers_it():
    assert (advice_of("fastmail").recommended.port, advice_of("fastmail").recommended.tls) == (465, "implicit")


def test_25_is_avoided_for_an_app_even_where_the_provider_offers_it():
    assert avoided("sendgrid")[25] == "avoid_25_although_offered"


def test_a_blocked_port_is_avoided_with_the_network_as_the_reason():
    assert avoided("sendgrid from hetzner") == {25: "network_closes", 465: "network_closes"}


def test_disputed_ports_are_called_disputed():
    assert "network_conflicting" in codes("mailgun from digitalocean")


def test_after_a_failure_a_disputed_port_is_not_the_next_to_try():
    assert advice_of("mailgun from digitalocean, 587 times out").recommended.port == 2525


def test_a_disputed_source_does_not_carry_an_undisputed_statement():
    for claim in advice_of("mailgun from digitalocean").reasons:
        if claim.code == "network_blocked":
            assert all(source.confidence != "conflicting" for source in claim.sources)


def test_delivery_from_a_network_that_blocks_25_is_sent_to_a_relay():
    advice = advice_of("server to server from google cloud")
    assert advice.recommended.port == 587
    assert "relay_needs_25" in [claim.code for claim in advice.reasons]


def test_an_outbound_block_does_not_speak_against_receiving():
    advice = advice_of("receive bounces on google cloud")
    assert advice.recommended.port == 25
    assert "outbound_only" in [claim.code for claim in advice.reasons]


def test_when_everything_is_closed_the_answer_says_so():
    assert codes("gmail from linode")[0] == "nothing_left"


def test_when_everything_is_closed_other_providers_with_an_open_port_are_named():
    claim = advice_of("gmail from linode").reasons[1]
    assert (claim.code, claim.params["port"]) == ("elsewhere", 2525)
    assert "SparkPost" in claim.params["providers"]


def test_465_and_587_both_failing_calls_for_a_control_test():
    assert "both_failed" in codes("ses, 465 and 587 time out")


def test_swapped_modes_are_noticed():
    assert "modes_swapped" in codes("port 587 with ssl")
    assert "modes_swapped" in codes("starttls on 465")


def test_charter_has_implicit_tls_on_587():
    advice = advice_of("charter mail")
    assert (advice.recommended.port, advice.recommended.tls) == (587, "implicit")


def test_powermta_is_given_a_starttls_port():
    assert advice_of("powermta to mailgun").recommended.tls == "starttls"


def test_a_wish_for_no_tls_is_not_granted():
    assert advice_of("sendgrid without tls").recommended.tls == "starttls"
    assert "no_cleartext" in codes("sendgrid without tls")


def test_an_unknown_provider_is_sent_to_its_support_page():
    assert "check_page" in codes("smtp.example.net")


def test_a_port_that_a_provider_does_not_list_is_avoided():
    assert avoided("gmail 2525")[2525] == "not_listed"


def test_a_device_may_reach_its_tenant_directly_unless_25_is_closed():
    assert [choice.port for choice in advice_of("printer to office 365").fallbacks] == [25]
    assert advice_of("printer to office 365 from azure").fallbacks == ()


def test_ports_that_a_probe_saw_replace_the_table():
    seen = [Seen(587, "starttls", usable=True, auth=True), Seen(465, "implicit", usable=False, auth=False)]
    advice = advise(Question(provider="gmail"), seen=seen)
    assert advice.recommended.port == 587
    assert advice.fallbacks == ()
    assert "from_probe" in [claim.code for claim in advice.reasons]


@pytest.mark.parametrize("text", [row[0] for row in QUESTIONS])
def test_every_claim_has_a_sentence_that_its_parameters_fill(text):
    advice = advice_of(text)
    claims = [*advice.reasons, *(it.reason for it in (*advice.fallbacks, *advice.avoid))]
    for claim in claims:
        assert CLAIMS[claim.code].format(**{"ports": "", "providers": "", **claim.params})


OBSERVED = {"tried", "both_failed", "compare", "from_probe", "check_page", "nothing_left", "network_silent"}
"""What the asker or the probe saw, and what we do not know: there is no page to cite."""


@pytest.mark.parametrize("text", [row[0] for row in QUESTIONS])
def test_every_other_claim_carries_a_source(text):
    advice = advice_of(text)
    claims = [*advice.reasons, *(it.reason for it in (*advice.fallbacks, *advice.avoid))]
    assert [claim.code for claim in claims if claim.code not in OBSERVED and not claim.sources] == []
