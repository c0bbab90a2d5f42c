"""How strong the keys and the signatures of certificates are.

RSA below 2048 bits, elliptic curves below 224 bits, DSA, and signatures made with MD5 or SHA-1 are weak (CA/Browser
Forum baseline requirements sections 6.1.5 and 7.1.3.2, NIST SP 800-131A).
"""

from collections.abc import Iterator, Sequence

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

from commands.smtpcheck.result.findings import Code, Found
from commands.smtpcheck.tls.path import is_self_issued
from commands.smtpcheck.tls.trust import BROKEN

_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "secp224r1": "P-224", "secp192r1": "P-192"}
_WEAK_HASHES = frozenset({"md2", "md4", "md5", "sha1"})
_LEAST_RSA_BITS = 2048
_LEAST_EC_BITS = 224


def key_strength(certificate: x509.Certificate) -> tuple[str, bool]:
    """The key as people write it (`RSA 2048`, `EC P-256`) and whether it is weak."""
    try:
        key = certificate.public_key()
    except BROKEN:
        return "unknown", False
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}", key.key_size < _LEAST_RSA_BITS
        case ec.EllipticCurvePublicKey():
            return f"EC {_CURVES.get(key.curve.name, key.curve.name)}", key.key_size < _LEAST_EC_BITS
        case dsa.DSAPublicKey():
            return f"DSA {key.key_size}", True
        case ed25519.Ed25519PublicKey():
            return "Ed25519", False
        case ed448.Ed448PublicKey():
            return "Ed448", False
    return "unknown", False


def signature_hash(certificate: x509.Certificate) -> str:
    """The hash that was signed (`sha256`); for Ed25519, Ed448 and what is not known the algorithm's identifier."""
    try:
        algorithm = certificate.signature_hash_algorithm
    except BROKEN:
        algorithm = None
    return algorithm.name if algorithm else certificate.signature_algorithm_oid.dotted_string


def strength_findings(chain: Sequence[x509.Certificate]) -> Iterator[Found]:
    """What is weak in a chain, by position. A root's own signature proves nothing and is not judged."""
    for position, certificate in enumerate(chain):
        key, weak = key_strength(certificate)
        if weak:
            yield Code.CERT_WEAK_KEY, {"position": position, "key": key}
        signature = signature_hash(certificate)
        if signature in _WEAK_HASHES and (position == 0 or not is_self_issued(certificate)):
            yield Code.CERT_WEAK_SIGNATURE, {"position": position, "signature": signature}
