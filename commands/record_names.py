"""What is told of a name beside its ports, as people call it."""

from collections.abc import Mapping

RECORD_NAMES: Mapping[str, str] = {
    "mx": "MX",
    "ptr": "reverse DNS",
    "tlsa": "TLSA",
    "mta_sts": "MTA-STS id",
    "mta-sts": "MTA-STS id",
    "spf": "SPF",
    "dmarc": "DMARC",
    "address": "addresses",
    "auth": "logins",
    "tls": "TLS",
    "greeting": "greeting",
    "certificate": "certificate",
}
"""By the code of a change that watches tell."""
