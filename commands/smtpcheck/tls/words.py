"""A certificate in a few words, as parameters of a finding: which names it is for and when it ends."""

import warnings

from cryptography import x509

from commands.slack_text import clean
from commands.smtpcheck.tls.names import alternative_names
from commands.smtpcheck.tls.trust import BROKEN

NAMES_SHOWN = 3


def described(der: bytes) -> dict[str, str | int | float]:
    """`names` and `ends` of a certificate. Total: of what cannot be read nothing is said."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what cryptography will refuse one day is still to be shown today
        try:
            leaf = x509.load_der_x509_certificate(der)
            names = [clean(name, 100) for kind in alternative_names(leaf) for name in kind]
            ends = leaf.not_valid_after_utc.strftime("%Y-%m-%d")
        except BROKEN:
            return {"names": "names that cannot be read", "ends": "an unreadable date"}
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return {"names": (", ".join(names[:NAMES_SHOWN]) or "no name") + more, "ends": ends}
