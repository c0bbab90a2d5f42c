"""Certificates of the lab's authority, and odd ones made here."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.lab.certificates import Authority
from commands.smtpcheck.result.sentences.choice import sentence
from commands.smtpcheck.tls import certificate_findings as chain
from commands.smtpcheck.tls.certificate_findings import analyse, name_matches, peer_chain_der
from commands.smtpcheck.tls.trust import TrustStore
from tests.every import every
from tests.smtpcheck.certificates import CA, NO_CA, NOW, issuer_at, make, named, san

HOST = "mail.example.com"
AUTHORITY = Authority(now=NOW)
STORE = TrustStore.from_pem(AUTHORITY.pem.encode())
ROOT = make("Private CA", extensions=[(CA, True)], days=(-3650, 3650))
PRIVATE = TrustStore.from_pem(ROOT.pem)


def report_on(*names, host=HOST, store=STORE, at=NOW, **options):
    leaf = AUTHORITY.issue(*names or (HOST,), **options)
    return analyse([leaf.der, *leaf.intermediates], host=host, at=at, store=store)


def codes(report):
    return [code for code, _ in report.findings]


def test_a_good_certificate_has_no_findings_and_says_what_it_is():
    report = report_on(HOST, "*.example.com", "192.0.2.1", intermediate="sent")
    assert (report.trusted, report.why_not, report.name_matches, report.self_signed) == (True, "", True, False)
    assert (report.subject, report.issuer) == (f"CN={HOST}", "CN=Portero Lab CA intermediate")
    assert report.names == (HOST, "*.example.com", "192.0.2.1")
    assert (report.not_before, report.not_after) == (NOW - timedelta(days=10), NOW + timedelta(days=80))
    assert (report.days_left, report.key, report.signature, report.chain_length) == (80, "EC P-256", "sha256", 2)
    assert len(report.sha256) == 64
    assert report.findings == ()


@pytest.mark.parametrize(
    ("options", "expected", "trusted"),
    [
        ({"days": (-90, -3)}, ["cert_expired"], False),
        ({"days": (2, 90)}, ["cert_not_yet_valid"], False),
        ({"self_signed": True}, ["cert_self_signed"], False),
        ({"self_signed": True, "days": (-90, -3)}, ["cert_expired", "cert_self_signed"], False),
        ({"san": False}, ["cert_no_san"], True),
        ({"key": "RSA 1024"}, ["cert_weak_key"], True),
        ({"key": "RSA 2048"}, [], True),
        ({"sha1": True}, ["cert_weak_signature"], False),
        ({"intermediate": "sent"}, [], True),
        ({"intermediate": "missing"}, ["cert_untrusted"], False),
        ({"days": (-60, 14)}, ["cert_expires_soon"], True),
        ({"days": (-60, 30)}, ["cert_expires_in_weeks"], True),
        ({"days": (-60, 31)}, [], True),
    ],
)
def test_each_fault_is_its_own_finding(options, expected, trusted):
    report = report_on(**options)
    assert codes(report) == expected
    assert report.trusted is trusted
    assert bool(report.why_not) is not trusted


@pytest.mark.parametrize(
    ("days", "code"),
    [(0, "cert_expires_soon"), (14, "cert_expires_soon"), (15, "cert_expires_in_weeks"), (30, "cert_expires_in_weeks")],
)
def test_how_near_the_end_is_has_two_grades(days, code):
    assert report_on(days=(-60, days + 0.49)).findings == ((code, {"days": days}),)


@pytest.mark.parametrize(
    ("after", "days", "code"),
    [
        (timedelta(), 0, "cert_expires_soon"),
        (timedelta(seconds=1), -1, "cert_expired"),
        (timedelta(days=3), -4, "cert_expired"),
    ],
)
def test_days_left_are_those_of_the_calendar(after, days, code):
    report = report_on(days=(-60, 10), at=NOW + timedelta(days=10) + after)
    assert (report.days_left, codes(report)) == (days, [code])


def test_an_expired_certificate_of_a_trusted_authority_is_only_expired():
    report = report_on(days=(-90, -3))
    assert (report.why_not, report.findings) == (
        "cert_expired",
        (("cert_expired", {"days": -4, "not_after": "2026-11-21T12:00:00+00:00"}),),
    )


@every(
    [
        ("mail.example.com", ["mail.example.com"], True),
        ("MAIL.Example.com.", ["mail.example.COM"], True),
        ("mail.example.com", ["mail.example.com."], True),
        ("mail.example.com", ["*.example.com"], True),
        ("a.mail.example.com", ["*.example.com"], False),
        ("example.com", ["*.example.com"], False),
        ("mail.example.com", ["m*.example.com"], False),
        ("mail.example.com", ["*"], False),
        ("com", ["*"], False),
        ("mail.example.com", ["mail.*.com"], False),
        ("xn--bcher-kva.example", ["xn--bcher-kva.example"], True),
        ("xn--bcher-kva.example.com", ["*.example.com"], True),
        ("192.0.2.1", ["192.0.2.1"], False),
        ("192.0.2.1", ["*.0.2.1"], False),
        ("mail.example.com", [], False),
    ]
)
def test_names_match_label_by_label(host, names, matches):
    assert name_matches(host, names) is matches


@pytest.mark.parametrize(
    ("host", "matches"),
    [("192.0.2.1", True), ("192.0.2.2", False), ("2001:db8::1", True), ("2001:DB8:0:0::1", True), (HOST, False)],
)
def test_an_address_is_matched_against_addresses(host, matches):
    report = report_on("192.0.2.1", "2001:db8::1", host=host)
    assert report.name_matches is matches


def test_the_name_is_judged_apart_from_the_chain():
    report = report_on("other.example", "www.other.example")
    assert (report.trusted, report.name_matches) == (True, False)
    assert report.findings == (
        ("cert_name_mismatch", {"host": HOST, "by_address": False, "names": ["other.example", "www.other.example"]}),
    )


def test_an_address_that_stands_as_a_name_is_told_to_be_no_name():
    params = {"host": "192.0.2.1", "by_address": True, "names": ["192.0.2.1"]}
    said = sentence("cert_name_mismatch", params)
    assert said.startswith("The certificate holds 192.0.2.1 as a DNS name.")
    assert "Connect by name" not in said


def test_a_common_name_alone_covers_no_host_but_is_told():
    report = report_on(HOST, san=False)
    assert (report.trusted, report.name_matches) == (True, False)
    assert report.findings == (("cert_no_san", {"common_name": HOST, "covers": 1}),)


SERVER = [(san(HOST), True), (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)]


def test_a_private_authority_without_key_identifiers_is_trusted_when_it_is_in_the_store():
    intermediate = make("Issuing CA", ROOT, [(CA, False)])
    leaf = make(HOST, intermediate, SERVER)
    report = analyse([leaf.der, intermediate.der], host=HOST, at=NOW, store=PRIVATE)
    assert (report.trusted, report.findings) == (True, ())


def test_an_authority_that_is_not_in_the_store_is_untrusted():
    leaf = make(HOST, ROOT, SERVER)
    sent_root = analyse([leaf.der, ROOT.der], host=HOST, at=NOW, store=STORE)
    assert sent_root.findings == (("cert_untrusted", {"root": "CN=Private CA"}),)
    alone = analyse([leaf.der], host=HOST, at=NOW, store=STORE)
    assert alone.findings == (("cert_untrusted", {"missing": "CN=Private CA"}),)


def test_a_missing_link_of_an_authority_that_publishes_its_own_is_named():
    intermediate = make("Public issuing CA", ROOT, [(CA, True)])
    leaf = make(HOST, intermediate, [*SERVER, (issuer_at("http://ca.example/issuing.crt"), False)])
    report = analyse([leaf.der], host=HOST, at=NOW, store=PRIVATE)
    assert report.findings == (("cert_chain_incomplete", {"missing": "CN=Public issuing CA"}),)
    assert analyse([leaf.der, intermediate.der], host=HOST, at=NOW, store=PRIVATE).trusted


def test_the_order_of_the_chain_and_strangers_in_it_do_not_matter_to_trust_but_the_order_is_told():
    intermediate = make("Issuing CA", ROOT, [(CA, True)])
    leaf = make(HOST, intermediate, SERVER)
    stranger = make("Stranger", extensions=[(CA, True)])
    report = analyse([leaf.der, stranger.der, ROOT.der, intermediate.der], host=HOST, at=NOW, store=PRIVATE)
    assert report.trusted
    untidy = [("cert_chain_order", {}), ("cert_root_sent", {"root": "CN=Private CA"})]
    assert list(report.findings) == untidy


def test_an_expired_link_that_is_still_sent_is_told_beside_the_path_that_holds():
    old = make("Old CA", extensions=[(CA, True)], days=(-3650, -5))
    crossed = make("Private CA", old, [(CA, True)], days=(-3650, -5), key=ROOT.key)
    leaf, stranger = make(HOST, ROOT, SERVER), make("Stranger", extensions=[(CA, True)], days=(-9, -5))
    report = analyse([leaf.der, crossed.der], host=HOST, at=NOW, store=PRIVATE)
    assert report.trusted
    assert report.findings == (("cert_expired_sent", {"certificate": "CN=Private CA", "ends": "2026-11-19"}),)
    assert "OpenSSL 1.0.2" in sentence(*report.findings[0])
    assert analyse([leaf.der, stranger.der], host=HOST, at=NOW, store=PRIVATE).findings == ()


@pytest.mark.parametrize(
    "extensions",
    [
        [(NO_CA, True)],
        [],
        [(CA, True), (x509.KeyUsage(True, *[False] * 8), True)],
        [(CA, True), (x509.NameConstraints([x509.DNSName("other.example")], None), True)],
        [(CA, True), (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)],
    ],
    ids=["no CA", "no constraints", "may not sign", "other names only", "unknown and critical"],
)
def test_an_issuer_that_may_not_issue_makes_no_trust(extensions):
    intermediate = make("Issuing CA", ROOT, extensions)
    leaf = make(HOST, intermediate, SERVER)
    report = analyse([leaf.der, intermediate.der], host=HOST, at=NOW, store=PRIVATE)
    assert (report.trusted, codes(report)) == (False, ["cert_invalid"])
    assert report.findings[0][1]["detail"]


def test_a_signature_of_somebody_else_makes_no_trust():
    impostor = make("Private CA", extensions=[(CA, True)])
    leaf = make(HOST, impostor, SERVER)
    assert not analyse([leaf.der], host=HOST, at=NOW, store=PRIVATE).trusted
    assert not analyse([leaf.der, ROOT.der], host=HOST, at=NOW, store=PRIVATE).trusted


def test_a_certificate_for_clients_is_not_for_servers():
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    leaf = make(HOST, ROOT, [(san(HOST), False), (usage, False)])
    report = analyse([leaf.der], host=HOST, at=NOW, store=PRIVATE)
    assert report.findings == (("cert_invalid", {"detail": "the certificate is not for servers"}),)


@pytest.mark.parametrize(
    ("leaf_days", "link_days", "after", "says"),
    [
        ((-20, 80), (0, 900), timedelta(minutes=16), []),  # issued anew within this hour, as its root was
        ((-20, 80), (0, 900), timedelta(days=1), []),
        ((-20, -5), (-2, 900), timedelta(minutes=16), ["cert_expired"]),  # no day on which both were valid
        ((-20, 80), (5, 900), timedelta(0), ["cert_chain_not_yet_valid"]),
        ((-20, 80), (-90, 0), timedelta(minutes=16), ["cert_chain_expired"]),
    ],
)
def test_links_are_judged_by_the_time_of_the_check_whenever_they_were_issued(leaf_days, link_days, after, says):
    root = make("New root", extensions=[(CA, True)], days=(min(link_days[0], 0), 900))
    link = make("Issued anew", root, [(CA, True)], days=link_days)
    leaf = make(HOST, link, SERVER, days=leaf_days)
    report = analyse([leaf.der, link.der], host=HOST, at=NOW + after, store=TrustStore.from_pem(root.pem))
    assert (codes(report), report.trusted) == (says, not says)


def test_a_link_that_has_expired_is_named():
    intermediate = make("Old CA", ROOT, [(CA, True)], days=(-900, -1))
    leaf = make(HOST, intermediate, SERVER)
    report = analyse([leaf.der, intermediate.der], host=HOST, at=NOW, store=PRIVATE)
    assert report.findings == (("cert_chain_expired", {"certificate": "CN=Old CA"}),)


def test_a_self_signed_certificate_in_the_store_is_trusted():
    own = make(HOST, extensions=[(san(HOST), False)])
    assert analyse([own.der], host=HOST, at=NOW, store=TrustStore.from_pem(own.pem)).trusted


@pytest.mark.parametrize(
    ("key", "text"),
    [(ec.generate_private_key(ec.SECP384R1()), "EC P-384"), (ed25519.Ed25519PrivateKey.generate(), "Ed25519")],
)
def test_keys_have_the_names_that_people_use(key, text):
    leaf = make(HOST, ROOT, SERVER, key=key)
    assert analyse([leaf.der], host=HOST, at=NOW, store=PRIVATE).key == text


def test_names_from_certificates_are_cleaned_and_bounded():
    hostile = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "\x1b[31m\u202e" + "x" * 40), *named("a\nb")])
    leaf = make("", ROOT, [(san(*[f"h{n}.example" for n in range(300)]), False)], subject=hostile)
    report = analyse([leaf.der], host="h299.example", at=NOW, store=PRIVATE)
    assert not set(report.subject) & {"\x1b", "\u202e", "\n"}
    assert len(report.subject) <= 200
    assert len(report.names) == 50
    assert report.name_matches


@pytest.mark.parametrize("chain", [[], [b""], [b"\x30\x82"], [b"\x30" * 70_000]])
def test_what_is_no_certificate_is_a_finding(chain):
    report = analyse(chain, host=HOST, at=NOW, store=STORE)
    assert (report.findings, report.trusted) == ((("cert_unparsable", {"position": 0}),), False)
    assert (report.why_not, report.not_after, report.days_left) == ("cert_unparsable", None, None)


def test_a_broken_certificate_behind_the_first_does_not_hide_it():
    leaf = AUTHORITY.issue(HOST)
    report = analyse([leaf.der, b"junk"], host=HOST, at=NOW, store=STORE)
    assert (report.trusted, report.findings) == (True, (("cert_unparsable", {"position": 1}),))


LEAF = AUTHORITY.issue(HOST).der


@given(st.integers(0, len(LEAF) - 1), st.binary(min_size=1, max_size=8))
def test_no_bytes_make_it_raise(position, junk):
    broken = LEAF[:position] + junk + LEAF[position + len(junk) :]
    report = analyse([broken, LEAF], host=HOST, at=NOW, store=STORE)
    assert report.chain_length == 2
    assert broken == LEAF or not report.trusted or report.sha256


def test_an_empty_store_trusts_nobody():
    assert report_on(store=TrustStore(())).why_not == "cert_untrusted"


def test_the_systems_store_is_what_openssl_trusts():
    store = TrustStore.from_system()
    context = ssl.create_default_context()
    assert abs(len(store) - len(context.get_ca_certs())) <= 2


def test_the_system_store_can_be_a_file_of_the_environment(monkeypatch, tmp_path):
    (tmp_path / "roots.pem").write_text("# comment\n" + AUTHORITY.pem + AUTHORITY.pem.replace("MII", "AAA", 1))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "roots.pem"))
    assert report_on(store=TrustStore.from_system()).trusted


def test_a_chain_is_read_once_for_many_hosts():
    leaf = AUTHORITY.issue("*.example.com")
    before = chain.read_chain.cache_info()
    for number in range(200):
        analyse([leaf.der], host=f"h{number}.example.com", at=NOW + timedelta(seconds=number), store=STORE)
    after = chain.read_chain.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 199)


async def test_the_chain_of_a_connection_is_read_leaf_first():
    leaf = AUTHORITY.issue(HOST, intermediate="sent")
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=leaf.context())
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    async with server:
        port = server.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client)
        assert peer_chain_der(writer.get_extra_info("ssl_object")) == [leaf.der, *leaf.intermediates]
        writer.close()


class OnlyLeaf:
    def getpeercert(self, *, binary_form):
        return b"leaf" if binary_form else {}


class PublicCall(OnlyLeaf):
    def get_unverified_chain(self):
        return [b"leaf", b"issuer"]


class Broken(OnlyLeaf):
    def get_unverified_chain(self):
        raise ValueError("no session")


@pytest.mark.parametrize(("source", "chain"), [(OnlyLeaf, 1), (PublicCall, 2), (Broken, 1)])
def test_without_the_private_call_the_leaf_is_all(source, chain):
    assert peer_chain_der(source()) == [b"leaf", b"issuer"][:chain]


def test_times_may_be_in_any_zone():
    elsewhere = datetime.fromisoformat("2026-11-24T21:00:00+09:00")
    assert elsewhere.astimezone(UTC) == NOW
    assert report_on(at=elsewhere).trusted


USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def test_a_key_that_may_be_used_for_no_tls_is_refused_as_openssl_does():
    allowed = {"digital_signature", "key_encipherment", "key_agreement"}
    for use in USES[:7]:
        usage = x509.KeyUsage(**{each: each == use for each in USES})
        report = analyse([make(HOST, ROOT, [*SERVER, (usage, True)]).der], host=HOST, at=NOW, store=PRIVATE)
        assert (report.trusted, use) == (use in allowed, use)
        assert use in allowed or report.findings == (("cert_invalid", {"detail": "its key usage allows no TLS"}),)


def in_version_1(made, issuer):
    """The same certificate without the field that says version 3, signed again."""

    def tagged(tag, body):
        size = len(body).to_bytes(2, "big").lstrip(b"\0")
        return bytes([tag, *([0x80 + len(size)] if len(body) > 127 else []), *size]) + body

    body = made.certificate.tbs_certificate_bytes
    body = tagged(0x30, body.partition(b"\xa0\x03\x02\x01\x02")[2])
    signature = tagged(0x03, b"\0" + issuer.key.sign(body, ec.ECDSA(hashes.SHA256())))
    return tagged(0x30, body + bytes.fromhex("300a06082a8648ce3d040302") + signature)


def test_a_certificate_of_version_1_is_judged_by_who_signed_it():
    between = make("Issuing CA", ROOT, [(CA, True)])
    stranger, late = make("Private CA", extensions=[(CA, True)]), make("Issuing CA", ROOT, [(CA, True)], days=(-9, -1))
    cases = [(ROOT, [], True), (between, [between], True), (stranger, [], False), (stranger, [stranger], False),
             (between, [], False), (late, [late], False), (make(HOST, ROOT, SERVER), [], False)]  # fmt: skip
    for number, (issuer, sent, trusted) in enumerate(cases):
        leaf = in_version_1(make(HOST, issuer), issuer)
        report = analyse([leaf, *(one.der for one in sent)], host=HOST, at=NOW, store=PRIVATE)
        assert (number, report.trusted) == (number, trusted)
        assert trusted is (codes(report) == ["cert_no_san"])
