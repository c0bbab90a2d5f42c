"""The data files of the catalogue: a mistake is told with its place, and the rows fit together."""

import re

import pytest

from commands.smtpport.catalogue import lookup, standards
from commands.smtpport.catalogue.reader import (
    catalogue,
    network,
    port,
    provider,
    rows,
    shared_sources,
    sources,
    text_of,
)
from commands.smtpport.catalogue.records import Source
from commands.smtpport.catalogue.table import CatalogueError
from commands.smtpport.evidence.situations import remarks, situations
from commands.smtpport.frameworks.reader import frameworks
from commands.smtpport.question.lexicon import plain, tokens
from tests.every import every

PORTS, PROVIDERS, NETWORKS = catalogue()
SOURCE = """
[source.vendor]
label = "Vendor, SMTP"
url = "https://vendor.example/smtp"
date = "2026-11"
confidence = "documented"
"""
PROVIDER = """
[provider.acme]
name = "Acme"
names = ["acme"]
hosts = ["smtp.acme.example"]
ports = { 587 = "starttls", 465 = "implicit", 25 = "starttls" }
plain = [25]
unconfirmed = [465]
refuses = [2525]
login = "an API key"
sources = ["vendor"]
evidence.465 = ["vendor"]
"""
NETWORK = """
[network.acme]
name = "Acme Cloud"
kind = "cloud"
names = ["acme cloud"]
egress = { 25 = "blocked", others = "open" }
others_open = true
lift = "a ticket"
sources = ["vendor"]
evidence.others = ["vendor"]
evidence.lift = ["vendor"]
"""
PORT = """
[port.26]
title = "an alternate"
registered = "none"
role = "submission"
tls = "starttls"
sources = ["vendor"]

[[port.26.story]]
text = "Some hosters open it."
sources = ["vendor"]
"""
EXAMPLES = {"provider": (PROVIDER, provider), "network": (NETWORK, network), "port": (PORT, port)}


def read(kind, text):
    return rows(f"{kind}s.toml", text + SOURCE, kind, EXAMPLES[kind][1], {})


def test_a_row_is_read_with_its_sources_and_what_it_leaves_out():
    (acme,) = read("provider", PROVIDER)
    assert [(offer.port, offer.tls, offer.plain, offer.sure) for offer in acme.offers] == [
        (587, "starttls", False, True),
        (465, "implicit", False, False),
        (25, "starttls", True, True),
    ]
    assert (acme.kind, acme.user, acme.note, acme.prefers, acme.refuses) == ("relay", "YOUR-USER", "", 0, (2525,))
    assert dict(acme.evidence) == {465: acme.sources}
    assert acme.sources[0].url == "https://vendor.example/smtp"


def test_what_a_network_does_with_all_other_ports_has_evidence_too():
    (acme,) = read("network", NETWORK)
    assert dict(acme.egress) == {25: "blocked", 0: "open"}
    assert set(acme.evidence) == {0, "lift"}


def test_a_paragraph_keeps_its_own_sources():
    (row,) = read("port", PORT)
    assert (row.number, row.story, dict(row.evidence)) == (26, ("Some hosters open it.",), {0: row.sources})


@every(
    [
        ("provider", 'login = "an API key"', "", "provider.acme, login: is missing"),
        ("provider", 'login = "an API key"', 'login = ""', "login: must be a text of one line"),
        ("provider", 'login = "an API key"', 'login = "an  API key"', "without blanks to spare"),
        ("provider", "login =", "logni = 1\nlogin =", "provider.acme, logni: unknown; there are "),
        ("provider", '587 = "starttls"', '587 = "startls"', "ports.587: must be one of starttls, implicit, none"),
        ("provider", "587 =", "70000 =", "ports: must be a port from 1 to 65535, not 70000"),
        ("provider", "587 =", "smtp =", "ports: must be a port from 1 to 65535, not 'smtp'"),
        ("provider", "587 =", "others =", "ports: must be a port from 1 to 65535, not 'others'"),
        ("provider", "plain = [25]", "plain = [26]", "plain: 26 is not among the ports"),
        ("provider", "plain = [25]", "plain = [25, 25]", "plain: names something twice"),
        ("provider", "plain = [25]", "plain = []", "plain: must not be empty"),
        ("provider", "plain = [25]", "plain = 25", "plain: must be a list, not 25"),
        ("provider", "plain = [25]", "plain = [true]", "plain: must be a port from 1 to 65535, not True"),
        ("provider", "plain = [25]", 'kind = "post"', "kind: must be one of relay, mailbox, exchanger, sink"),
        ("provider", "plain = [25]", 'prefers = "587"', "prefers: must be a whole number, not '587'"),
        ("provider", 'names = ["acme"]', "names = []", "names: must not be empty"),
        ("provider", 'sources = ["vendor"]', 'sources = ["vendro"]', "sources: no [source.vendro] stands in"),
        ("provider", 'sources = ["vendor"]', "", "sources: is missing"),
        ("provider", "evidence.465", "evidence.80", "evidence.80: the row does not state that; it states 587, 465"),
        ("provider", "evidence.465", "evidence.note", "evidence.note: the row does not state that"),
        ("provider", 'evidence.465 = ["vendor"]', "evidence.465 = []", "evidence, 465: must not be empty"),
        ("provider", "evidence.465", "evidence", "evidence: must be a table"),
        ("provider", "[provider.acme]", "[network.acme]", "providers.toml, network: unknown; a row begins with"),
        ("provider", "[provider.acme]", "[provider.acme", "providers.toml: "),
        ("provider", PROVIDER, PROVIDER + PROVIDER, "providers.toml: Cannot declare"),
        ("network", '"blocked"', '"closed"', "network.acme, egress.25: must be one of blocked, open, unnamed"),
        ("network", "egress = {", "egress = { } #", "egress: must not be empty"),
        ("network", "others_open = true", 'others_open = "yes"', "others_open: must be true or false, not 'yes'"),
        ("network", "evidence.lift", "evidence.symptom", "evidence.symptom: the row does not state that"),
        ("port", "[port.26]", "[port.smtp]", "port.smtp, the name of the row: must be a port"),
        ("port", 'text = "Some', 'txt = "Some', "port.26.story 1, text: is missing"),
        ("port", "text =", "note = 1\ntext =", "port.26.story 1, note: unknown"),
        ("port", 'role = "submission"', 'role = "sending"', "role: must be one of submission, relay"),
    ]
)
def test_a_mistake_is_told_with_its_file_row_and_field(kind, before, after, told):
    text = EXAMPLES[kind][0]
    assert before in text
    broken = text.replace(before, after, 1).replace("[[port.26", "[[port.smtp" if "smtp" in after else "[[port.26")
    with pytest.raises(CatalogueError, match=re.escape(told)) as caught:
        read(kind, broken)
    assert str(caught.value).startswith(f"{kind}s.toml")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"2026-11"', '"November 2026"', "date: must be"),
        ('"2026-11"', '"2026-1"', "date: must be"),
        ('"2026-11"', "2026-11-24", "date: must be a text in quotes"),
        ('"2026-11"', '"undated"', "date: must be"),
        ('"https://vendor.example/smtp"', '"vendor.example/smtp"', "url: must be an https:// address"),
        ('"https://vendor.example/smtp"', '"https://vendor.example/a b"', "url: must be an https:// address"),
        ('"documented"', '"certain"', "confidence: must be one of documented, reported, conflicting, unconfirmed"),
        ("label =", "titel =", "source.vendor, label: is missing"),
        ("label =", "note = 1\nlabel =", "source.vendor, note: unknown; there are label, url, date, confidence"),
    ],
)
def test_a_source_needs_a_label_an_address_a_date_and_a_known_confidence(before, after, told):
    assert before in SOURCE
    with pytest.raises(CatalogueError, match=re.escape(told)) as caught:
        sources("sources.toml", SOURCE.replace(before, after))
    assert str(caught.value).startswith("sources.toml, source.vendor")


@pytest.mark.parametrize("date", ["2026", "2026-11", "2026-11-24", "undated (read 2026-11)"])
def test_a_date_is_a_year_a_month_a_day_or_the_month_of_reading(date):
    found = sources("sources.toml", SOURCE.replace("2026-11", date))
    assert found["vendor"].date == date


def test_a_source_that_all_files_share_is_not_told_again_in_one_of_them():
    with pytest.raises(CatalogueError, match=re.escape("source.vendor: sources.toml has a source of this name")):
        rows("providers.toml", PROVIDER + SOURCE, "provider", provider, sources("sources.toml", SOURCE))


def test_every_source_is_an_https_page_but_for_two_that_are_older():
    plain_http = {source.url.split("/")[2] for source in every_source() if not source.url.startswith("https://")}
    assert plain_http == {"corporate.comcast.com", "blog.donet.com"}


def test_no_source_stands_there_twice_and_none_for_nothing():
    told = every_source()
    cited = {source for row in (*PORTS, *PROVIDERS, *NETWORKS) for source in sources_of(row)}
    cited |= {source for name, source in vars(standards).items() if name.isupper() and isinstance(source, Source)}
    cited |= {it for row in (*situations().values(), *remarks().values()) for it in lookup.cited(row.sources)}
    cited |= {source for row in frameworks().values() for source in sources_of(row)} & {*shared_sources().values()}
    assert len(told) == len(set(told))
    assert set(told) == cited


def every_source():
    found = list(shared_sources().values())
    for file in ("ports.toml", "providers.toml", "networks.toml"):
        alone = [part for part in re.split(r"\n(?=\[)", text_of(file)) if part.startswith("[source.")]
        found += sources(file, "\n".join(alone)).values()
    return found


def sources_of(row):
    return [*row.sources, *(source for cited in row.evidence.values() for source in cited)]


@pytest.mark.parametrize("table", [PROVIDERS, NETWORKS], ids=["providers", "networks"])
def test_a_name_belongs_to_one_row(table):
    known = {}
    for row in table:
        for name in {" ".join(tokens(plain(name))) for name in (*row.names, *row.weak_names)}:
            assert known.setdefault(name, row.key) == row.key, name


def test_networks_stand_by_kind_and_relays_before_mailboxes():
    kinds = ["cloud", "hoster", "platform", "isp", "access"]
    assert [row.kind for row in NETWORKS] == sorted((row.kind for row in NETWORKS), key=kinds.index)
    order = [row.kind for row in PROVIDERS if row.kind in {"relay", "mailbox"}]
    assert order == sorted(order, key=["relay", "mailbox"].index)


def test_ports_stand_in_order():
    numbers = [row.number for row in PORTS]
    assert numbers == sorted(numbers)


def test_only_starttls_is_optional_and_a_pattern_matches_the_first_host_of_its_row():
    for row in PROVIDERS:
        assert {offer.tls for offer in row.offers if offer.plain} <= {"starttls"}
        assert not row.host_pattern or re.fullmatch(row.host_pattern, row.hosts[0].lower())


def test_records_cannot_be_changed():
    for row in (PORTS[0], PROVIDERS[0], NETWORKS[0]):
        with pytest.raises(AttributeError):
            row.sources = ()
        with pytest.raises(TypeError):
            row.evidence["note"] = ()
    with pytest.raises(TypeError):
        NETWORKS[0].egress[25] = "open"
