"""What Portero says of certificates that a Postfix on 587 sends."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.real.chains import CLIENT, Issuer, Wish
from tests.real.expected import Expected, ask, named
from tests.real.keys import Authority, Pair, openssl
from tests.real.names import Names
from tests.real.postfix import Service, postfix
from tests.real.postfix_cases import MUST, SASL, Settings, keys_of

NOT_YET: dict[str, str] = {}
ALL = ("*.real.test",)
ECDHE: Settings = {"tls_high_cipherlist": "ECDHE+AESGCM", "tls_medium_cipherlist": "ECDHE+AESGCM"}
WORKS, FAULTY = Expected("ok", (587,)), ("refuse this server",)


def _lower(issuer: Issuer, *sent: int) -> Pair:
    """A leaf below two intermediates, of which those are sent."""
    upper = issuer.issue(Wish("Upper CA", signs=True))
    lower = issuer.issue(Wish("Lower CA", signs=True), upper)
    leaf = issuer.issue(Wish("leaf", ALL), lower)
    return issuer.pair(leaf, *((lower, upper)[number] for number in sent))


def _with_expired_link(issuer: Issuer) -> Pair:
    """A leaf of the root, which is sent as an older root has signed it once, like ISRG Root X1 by DST Root CA X3."""
    root = issuer.root
    old = issuer.issue(Wish("Older root", signs=True, days=(-900, -3)))
    common = root.cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    crossed = issuer.issue(Wish(str(common), signs=True, days=(-900, -3)), old, root.key)
    return issuer.pair(issuer.issue(Wish("leaf", ALL)), crossed)


def _of_version_one(issuer: Issuer) -> Pair:
    """A certificate without extensions, which `cryptography` does not make."""
    folder = issuer.authority.folder
    pair = Pair(folder / "version1.pem", folder / "version1.key")
    new, by = ("-new", "-nodes", "-newkey", "rsa:2048"), ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial")
    subject = ("-subj", "/CN=version-1.real.test")
    openssl("req", *new, "-keyout", pair.key.name, "-out", "version1.csr", *subject, cwd=folder)
    openssl("x509", "-req", "-in", "version1.csr", *by, "-days", "80", "-out", pair.cert.name, cwd=folder)
    pair.key.chmod(0o644)
    return pair


SIGNS = x509.KeyUsage(False, False, False, False, False, True, False, False, False)
"""`keyCertSign` alone."""

ROWS: dict[str, tuple[Callable[[Issuer], Pair], Expected]] = {
    "whole-chain": (lambda issuer: _lower(issuer, 0, 1), WORKS),
    "swapped-chain": (lambda issuer: _lower(issuer, 1, 0), Expected("ok", (587,), must=("cert_chain_order",))),
    "expired-link": (_with_expired_link, Expected("ok", (587,), must=("cert_expired_sent",), never=("replace it",))),
    "no-intermediate": (_lower, Expected("degraded", (587,), said=("CN=Lower CA", "missing"))),
    "half-a-chain": (lambda issuer: _lower(issuer, 0), Expected("degraded", (587,), said=("CN=Upper CA", "missing"))),
    "p256": (lambda issuer: issuer.single(Wish("p", ALL, key="p256")), WORKS),
    "ed25519": (
        lambda issuer: issuer.single(Wish("e", ALL, key="ed25519")),
        Expected("degraded", (587,), said=("only a certificate with a key of Ed25519",)),
    ),
    "another-name": (
        lambda issuer: issuer.single(Wish("o", ("mail.other.test",))),
        Expected("degraded", (587,), said=("is for mail.other.test, not for another-name.real.test", *FAULTY)),
    ),
    "two-labels.below": (
        lambda issuer: issuer.single(Wish("w", ALL)),
        Expected("degraded", (587,), said=("not for two-labels.below.real.test",)),
    ),
    "not-yet-valid": (
        lambda issuer: issuer.single(Wish("n", ALL, (5, 80))),
        Expected("degraded", (587,), said=("not valid yet",), never=("does not verify", "expired")),
    ),
    "five-days": (
        lambda issuer: issuer.single(Wish("f", ALL, (-10, 5))),
        Expected("degraded", (587,), said=("ends in 5 days",)),
    ),
    "subject-only": (
        lambda issuer: issuer.single(Wish("subject-only.real.test")),
        Expected("degraded", (587,), said=("only in the subject",)),
    ),
    "of-a-client": (
        lambda issuer: issuer.single(Wish("c", ALL, purpose=CLIENT)),
        Expected("degraded", (587,), said=("not for servers", *FAULTY)),
    ),
    "usage-of-an-authority": (
        lambda issuer: issuer.single(Wish("u", ALL, usage=SIGNS)),
        Expected("degraded", (587,), said=("key usage allows no TLS", *FAULTY)),
    ),
    "version-1": (_of_version_one, Expected("degraded", (587,), said=("OpenSSL may take it",), never=FAULTY)),
    "issued-itself": (
        lambda issuer: issuer.authority.self_signed("issued-itself.real.test"),
        Expected("degraded", (587,), said=("self-signed",)),
    ),
}
STALE = ("RSA 2048", "and it has expired", "Clients that do not take EC P-256")
TWO: dict[str, tuple[Settings, tuple[int, int], Expected]] = {
    "two-keys": ({}, (-90, -3), Expected("degraded", (587,), said=STALE, deep=True)),
    "two-keys-ecdhe": (ECDHE, (-90, -3), Expected("degraded", (587,), said=STALE, deep=True)),
    "two-good-keys": (ECDHE, (-10, 80), Expected("ok", (587,), never=("RSA 2048",), deep=True)),
}
"""Settings, the days of the RSA certificate beside a good one of P-256, and what is said with `deep`."""

EXPECTED = {name: expected for name, (_, expected) in ROWS.items()} | {name: row[2] for name, row in TWO.items()}


@pytest.fixture(scope="module")
def documents(place: Path, authority: Authority, names: Names) -> Iterator[dict[str, Any]]:
    folder = place / "certificates"
    folder.mkdir()
    issuer = Issuer(authority)
    services = {}
    for number, (name, (made, _)) in enumerate(ROWS.items()):
        address = f"127.0.11.{number + 1}"
        names.add(name, address)
        services[name] = (address, [Service(587, {**MUST, **SASL, **keys_of(made(issuer))})])
    good = issuer.single(Wish("good", ALL, key="p256"))
    for number, (name, (settings, days, _)) in enumerate(TWO.items(), 101):
        rsa = issuer.single(Wish("rsa", ALL, days))
        ec = {"smtpd_tls_eccert_file": str(good.cert), "smtpd_tls_eckey_file": str(good.key)}
        names.add(name, f"127.0.11.{number}")
        services[name] = (f"127.0.11.{number}", [Service(587, {**MUST, **SASL, **keys_of(rsa), **ec, **settings})])
    with postfix(folder, services):
        yield ask(EXPECTED, authority.root)


@pytest.mark.parametrize("name", named(EXPECTED, NOT_YET))
def test_a_certificate_is_judged_by_what_is_wrong_with_it(name: str, documents: dict[str, Any]):
    EXPECTED[name].holds(documents[name])
