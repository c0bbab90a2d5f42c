"""What an answer says beyond its port: reasons, what to avoid, and fairness where sources disagree."""

import pytest

from commands.smtpcheck.result.health import ProbedPort
from commands.smtpport.advise import advise
from commands.smtpport.catalogue.lookup import networks
from commands.smtpport.document import document, spoken
from commands.smtpport.question.asked import Question
from commands.smtpport.question.reader import read
from commands.smtpport.text import headline
from commands.smtpport.wording import CLAIMS
from tests.every import every
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
    assert avoided("sendgrid from hetzner cloud") == {25: "network_closes", 465: "network_closes"}


def test_disputed_ports_are_called_disputed():
    assert "network_conflicting" in codes("mailgun from ovh")


def test_after_a_failure_a_disputed_port_is_not_the_next_to_try():
    assert advice_of("mailgun from digitalocean, 587 times out").recommended.port == 2525


def test_a_disputed_source_does_not_carry_an_undisputed_statement():
    for claim in advice_of("mailgun from ovh").reasons:
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
    assert "sparkpost" in claim.params["providers"]


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
    (direct,) = advice_of("printer to office 365").fallbacks
    assert (direct.port, direct.host) == (25, "YOUR-TENANT.mail.protection.outlook.com")
    assert advice_of("printer to office 365 from hetzner cloud").fallbacks == ()


def test_direct_send_says_that_it_is_another_host_for_recipients_of_the_own_tenant():
    made = document(advice_of("printer to office 365"))
    reason = made["fallbacks"][0]["reason"]
    assert "YOUR-TENANT.mail.protection.outlook.com" in reason
    assert "recipients of your own tenant only" in reason
    assert "--server YOUR-TENANT.mail.protection.outlook.com --port 25 " in made["snippets"]["direct_send"]
    others = "".join(lines for tool, lines in made["snippets"].items() if tool != "direct_send")
    assert "smtp.office365.com" in others
    assert "smtp.office365.com:25" not in others


@every([("google workspace smtp relay from printer without login", True), ("printer to brevo", False)])
def test_a_device_needs_a_relay_of_its_own_only_where_the_provider_knows_no_addresses(text, by_address):
    assert ("known_by_address" in codes(text), "old_device" in codes(text)) == (by_address, not by_address)
    assert not {"known_by_address", "old_device"} & set(codes("scanner to gmail-smtp-in"))


def test_a_device_without_a_login_is_told_the_limits_of_direct_send_first():
    made = document(advice_of("printer without auth to office 365"))
    assert "recipients of your own tenant only" in made["reasons"][0]
    assert made["fallbacks"][0]["host"] == "smtp.office365.com"
    assert "last resort" not in " ".join(made["reasons"])


@every(
    [
        (
            "sparkpost from linode",
            "Try 2525 with STARTTLS for SparkPost if your account was made since 2019-11-05, else 587 with STARTTLS",
        ),
        (
            "gmail from linode",
            "No port is left for Gmail if your account was made since 2019-11-05, else 465 with SSL/TLS",
        ),
        (
            "server to server from azure",
            "Use 587 with STARTTLS through a relay service if your subscription is no Enterprise",
        ),
        ("server to server from azure ea", "Use 25 with STARTTLS"),
        ("server to server from azure free trial", "Use 587 with STARTTLS through a relay service"),
        (
            "sendgrid from railway",
            "No port is left for Twilio SendGrid if your plan is Free, Trial or Hobby, else 587 with STARTTLS",
        ),
        ("sendgrid from railway pro", "Use 587 with STARTTLS for Twilio SendGrid"),
        (
            "postmark from render",
            "Use 2525 with STARTTLS for Postmark if your web service is a free one, else 587 with STARTTLS",
        ),
        (
            "mailgun from digitalocean",
            "Use 2525 with STARTTLS for Mailgun (US)",
        ),
        (
            "deliver from comcast",
            "Use 587 with STARTTLS through a relay service if your line is a residential one, else try 25",
        ),
        (
            "deliver from verizon",
            "Use 465 with SSL/TLS through a relay service if your line has a dynamic address, else 25",
        ),
        ("gandi from hetzner", "Use 587 with STARTTLS for Gandi Mail if your server is a cloud server, else try 465"),
        ("sparkpost from contabo", "Try 587 with STARTTLS for SparkPost"),
        ("ses from lambda", "Try 465 with SSL/TLS for Amazon SES"),
        ("bird", "Try 587 with STARTTLS for Bird (owner of SparkPost)"),
        ("sparkpost from google cloud", "Use 587 with STARTTLS for SparkPost"),
        ("receive bounces on contabo", "Use 25 with STARTTLS"),
    ]
)
def test_a_headline_says_on_what_it_depends_and_tries_what_is_not_known(text, said):
    assert headline(document(advice_of(text))).startswith(said)


def test_no_port_of_which_nothing_is_recorded_is_called_open():
    for text in (row[0] for row in QUESTIONS):
        made = document(advice_of(text))
        if made["recommended"] and made["network"] and made["understood"]["role"] in {"submission", "device"}:
            assert made["certain"] <= (made["network"]["state"] == "open"), text


def test_plain_azure_tells_of_every_kind_of_subscription():
    reasons = " ".join(document(advice_of("gmail from azure"))["reasons"])
    assert "(pay-as-you-go, CSP, trial, student and others) blocks outbound 25" in reasons
    assert "(Enterprise Dev/Test) blocks outbound 25" in reasons
    assert "(Enterprise Agreement and MCA-E) lets 25 out" in reasons


@pytest.mark.parametrize("key", [key for key, row in networks().items() if row.variants])
def test_a_network_with_variants_takes_its_blocks_from_them(key):
    row = networks()[key]
    strict, *_, free = (networks()[variant] for variant in row.variants)
    assert row.condition
    assert row.egress == strict.egress
    assert "blocked" not in [state for port, state in free.egress.items() if port != 25] or key == "hetzner"


def test_each_statement_of_digitalocean_has_the_date_of_its_own_evidence():
    reasons = document(advice_of("mailgun from digitalocean"), "2026-11-28")["reasons"]
    assert any("blocks outbound 25, 465 and 587" in it and "(as of 2026-07-13)" in it for it in reasons)
    assert any("lets 2525 out (reported, 2025-04-29, 19 months old)" in it for it in reasons)


def test_what_no_page_says_is_not_backed_by_a_page_that_says_something_else():
    (claim,) = [it.reason for it in advice_of("sendpulse").fallbacks if it.port == 587]
    assert (claim.code, claim.sources) == ("use_unconfirmed", ())


def test_ports_that_a_probe_saw_replace_the_table():
    probed = [
        ProbedPort(587, "starttls", usable=True, auth=True),
        ProbedPort(465, "implicit", usable=False, auth=False),
    ]
    advice = advise(Question(provider="gmail"), probed=probed)
    assert advice.recommended.port == 587
    assert advice.fallbacks == ()
    assert "from_probe" in [claim.code for claim in advice.reasons]


@every(row[0] for row in QUESTIONS)
def test_every_claim_has_a_sentence_that_its_parameters_fill(text):
    advice = advice_of(text)
    claims = [*advice.reasons, *(it.reason for it in (*advice.fallbacks, *advice.avoid))]
    for claim in claims:
        assert claim.code in CLAIMS
        assert "  " not in spoken(claim)
        assert "{" not in spoken(claim)


OBSERVED = {
    "tried", "barred", "both_failed", "compare", "from_probe", "check_page", "no_provider", "nothing_left",
    "network_unclear", "use_unconfirmed", "last_resort", "web_only", "only_port", "odd_port",
    "unread_report", "cause_unsaid", "much_unread", "several_fail", "closed_in", "role_open",
}  # fmt: skip
"""What the asker or the probe saw, and what we do not know: there is no page to cite."""


@every(row[0] for row in QUESTIONS)
def test_every_other_claim_carries_a_source(text):
    advice = advice_of(text)
    claims = [*advice.reasons, *(it.reason for it in (*advice.fallbacks, *advice.avoid))]
    assert [claim.code for claim in claims if claim.code not in OBSERVED and not claim.sources] == []
