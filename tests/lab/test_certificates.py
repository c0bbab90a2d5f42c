import ssl
from datetime import UTC, datetime

import aiosmtplib
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.demo.lab.certificates import Authority
from bot.demo.lab.peer import Peer
from bot.demo.lab.scripts import well_behaved
from tests.lab.clients import trusting

AUTHORITY = Authority()
HOST = "mail.lab.example"


async def verify(leaf, *, host=HOST, newest=None):
    """None when a strict client accepts the certificate, otherwise OpenSSL's words."""
    context = trusting(AUTHORITY.pem)
    async with Peer(well_behaved(context=leaf.context(newest=newest))) as peer:
        client = aiosmtplib.SMTP(
            hostname=peer.address[0], port=peer.address[1], start_tls=False, tls_context=context,
            local_hostname="probe.example", timeout=3,
        )  # fmt: skip
        await client.connect()
        try:
            await client.starttls(server_hostname=host)
        except ssl.SSLError as problem:
            client.close()
            return getattr(problem, "verify_message", "") or str(problem)
        await client.quit()
        return None


@pytest.mark.parametrize(
    "leaf",
    [
        lambda: AUTHORITY.issue(HOST),
        lambda: AUTHORITY.issue("*.lab.example"),
        lambda: AUTHORITY.issue("other.example", HOST),
        lambda: AUTHORITY.issue(HOST, key="RSA 2048"),
        lambda: AUTHORITY.issue(HOST, intermediate="sent"),
    ],
    ids=["plain", "wildcard", "second name", "RSA", "intermediate sent"],
)
async def test_sound_certificates_are_accepted(leaf):
    assert await verify(leaf()) is None


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"days": (-102, -12)}, "certificate has expired"),
        ({"days": (5, 90)}, "certificate is not yet valid"),
        ({"self_signed": True}, "self-signed certificate"),
        ({"intermediate": "missing"}, "unable to get local issuer certificate"),
        ({"key": "RSA 1024"}, "EE certificate key too weak"),
        ({"sha1": True}, "CA signature digest algorithm too weak"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
async def test_each_fault_is_refused_in_openssls_words(options, says):
    assert says in await verify(AUTHORITY.issue(HOST, **options))


async def test_a_wrong_name_is_refused():
    assert "Hostname mismatch" in await verify(AUTHORITY.issue("other.example"))


def test_a_certificate_without_names_has_its_cn_alone():
    leaf = AUTHORITY.issue(HOST, san=False)
    assert not any(isinstance(e.value, x509.SubjectAlternativeName) for e in leaf.certificate.extensions)
    assert HOST in leaf.certificate.subject.rfc4514_string()


async def test_an_address_is_accepted_only_when_it_is_named():
    assert await verify(AUTHORITY.issue("198.51.100.25"), host="198.51.100.25") is None
    assert "IP address mismatch" in await verify(AUTHORITY.issue(HOST), host="198.51.100.25")


async def test_tls_1_0_alone_is_refused_by_a_modern_client():
    assert await verify(AUTHORITY.issue(HOST), newest=ssl.TLSVersion.TLSv1) is not None


def test_sizes_and_dates_are_as_asked():
    now = datetime(2026, 11, 24, tzinfo=UTC)
    leaf = Authority(now=now).issue(HOST, days=(-10, 80), key="RSA 1024")
    assert isinstance(leaf.key, rsa.RSAPrivateKey)
    assert leaf.key.key_size == 1024
    assert (leaf.certificate.not_valid_after_utc - now).days == 80


def test_a_sha1_signature_is_a_valid_one():
    leaf = AUTHORITY.issue(HOST, sha1=True)
    assert leaf.certificate.signature_algorithm_oid.dotted_string == "1.2.840.113549.1.1.5"
