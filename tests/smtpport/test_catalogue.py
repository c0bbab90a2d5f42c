"""The catalogue is complete, and nothing in it stands without evidence."""

import re
from typing import get_args

from commands.smtpport import role_plans
from commands.smtpport.catalogue import lookup, standards
from commands.smtpport.catalogue.reader import catalogue
from commands.smtpport.catalogue.records import ANY, Confidence, Egress, Source, basis, offer_basis
from tests.smtpport import facts

PORTS, PROVIDERS, NETWORKS = catalogue()
CONFIDENCES = get_args(Confidence)
ROWS = [*PROVIDERS, *NETWORKS, *PORTS]
DATE = re.compile(r"(19|20)\d\d(-\d\d(-\d\d)?)?|undated \(read 20\d\d-\d\d\)")


def row_id(row):
    return str(getattr(row, "key", None) or row.number)


def test_every_row_has_a_source_with_label_address_date_and_confidence():
    for row in ROWS:
        assert row.sources, row_id(row)
        for source in row.sources:
            check_source(source)


def test_every_standard_is_a_whole_source():
    for name, source in vars(standards).items():
        if name.isupper() and isinstance(source, Source):
            check_source(source)


def test_every_fixed_plan_cites_sources_for_each_choice_and_reason():
    for plan in (role_plans.RELAY, *role_plans.PLANS.values()):
        cited = [entry[-1] for entry in (*plan.choices, *plan.reasons, *plan.avoid)]
        assert all(cited)


def check_source(source):
    assert source.label
    assert source.url.startswith(("https://", "http://"))
    assert DATE.fullmatch(source.date), source
    assert source.confidence in {"documented", "reported", "conflicting", "unconfirmed"}


def test_the_catalogue_holds_at_least_50_providers_and_35_networks():
    assert len(PROVIDERS) >= 50
    assert len(NETWORKS) >= 35


def test_keys_are_unique():
    assert len(lookup.providers()) == len(PROVIDERS)
    assert len(lookup.networks()) == len(NETWORKS)
    assert len(lookup.ports()) == len(PORTS)


def test_a_provider_lists_ports_that_can_be_read_and_refuses_none_of_them():
    for row in PROVIDERS:
        listed = {offer.port for offer in row.offers}
        assert all(0 < offer.port < 65536 and offer.tls in {"starttls", "implicit", "none"} for offer in row.offers)
        assert not set(row.refuses) & listed, row.key
        assert row.prefers == 0 or row.prefers in listed, row.key
        assert listed and row.hosts and row.login, row.key


def test_a_network_states_what_it_does_with_ports_or_says_that_nothing_was_found():
    for row in NETWORKS:
        states = set(row.egress.values())
        assert states and states <= set(get_args(Egress)), row.key
        assert row.note or row.condition or states != {"unclear"}, row.key


def test_every_statement_has_a_source_with_date_and_confidence():
    for row in ROWS:
        for statement, found in row.evidence.items():
            assert found, (row_id(row), statement)
            for source in found:
                check_source(source)


def test_a_network_says_of_each_port_what_was_found_and_when():
    assert {row.key: said_of_network(row) for row in NETWORKS} == {
        key: expected(line) for key, line in facts.NETWORKS.items()
    }


def said_of_network(row):
    ports = row.egress.items()
    return sorted(f"{'*' if port == ANY else port} {state}, {evidence(basis(row, port))}" for port, state in ports)


def test_a_provider_says_of_each_port_what_was_found_and_when():
    assert {row.key: said_of_provider(row) for row in PROVIDERS} == {
        key: expected(line) for key, line in facts.PROVIDERS.items()
    }


def said_of_provider(row):
    said = [
        f"{it.port} {it.tls}{' or none' if it.plain else ''}, {evidence(offer_basis(row, it))}" for it in row.offers
    ]
    return sorted([*said, *(f"{port} refused, {evidence(basis(row, port))}" for port in row.refuses)])


def expected(line):
    """One statement for each port of a line such as `465 587 open, reported 2018`."""
    found = []
    for part in line.split("; "):
        ports, said = re.fullmatch(r"((?:(?:\d+|\*) )+)(.+)", part).groups()
        found += [f"{port} {said}" for port in ports.split()]
    return sorted(found)


def evidence(cited):
    if not cited:
        return "nobody"
    best = min((source.confidence for source in cited), key=CONFIDENCES.index)
    dates = [source.date for source in cited if source.confidence == best]
    return f"{best} {max([date for date in dates if date[0].isdigit()], default='undated')}"


def test_a_port_that_no_page_names_is_marked_so():
    for row in PROVIDERS:
        for offer in row.offers:
            assert offer.sure <= bool(offer_basis(row, offer))


def test_a_variant_exists_and_depends_on_nothing_itself():
    for row in NETWORKS:
        for variant in row.variants:
            assert lookup.networks()[variant].condition == ""


def test_four_of_the_ports_are_those_of_the_question_everybody_asks():
    assert {25, 465, 587, 2525} <= set(lookup.ports())


def test_sparkpost_takes_587_and_2525_and_no_465():
    sparkpost = lookup.provider("sparkpost")
    assert {offer.port for offer in sparkpost.offers} == {587, 2525}
    assert sparkpost.refuses == (465,)


def test_more_relay_services_offer_587_than_465_which_is_why_it_comes_first_in_general():
    count = lookup.share()
    assert lookup.relay_count() >= count[587] > count[465] > count[2525]


def test_a_host_name_leads_to_its_provider():
    assert lookup.provider_of_host("email-smtp.eu-west-1.amazonaws.com") == "ses"
    assert lookup.provider_of_host("smtp.example.com") is None
