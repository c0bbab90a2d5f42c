"""A certificate in a few words, as parameters of a finding: which names it is for and when it ends."""

import warnings

from cryptography import x509

from commands.slack_text import clean
from commands.smtpcheck.result.findings import Value
from commands.smtpcheck.tls.names import alternative_names
from commands.smtpcheck.tls.trust import BROKEN

MOST_NAMES = 50


def described(der: bytes) -> dict[str, Value]:
    """`names` and `ends` (a date) of a certificate; both empty where it cannot be read. Total."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cryptography will refuse one day is still to be shown today
        try:
            leaf = x509.load_der_x509_certificate(der)
            names = [clean(name, 100) for kind in alternative_names(leaf) for name in kind]
            return {"names": names[:MOST_NAMES], "ends": leaf.not_valid_after_utc.strftime("%Y-%m-%d")}
        except BROKEN:
            return {"names": [], "ends": ""}
