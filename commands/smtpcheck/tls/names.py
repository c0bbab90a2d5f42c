"""Which names and addresses a certificate is for, and whether a host is among them.

Sources: RFC 9525 section 6 (names), RFC 5280 section 4.2.1.6 (subjectAltName).
"""

from collections.abc import Sequence
from ipaddress import ip_address

from cryptography import x509

from commands.smtpcheck.address.literal import is_address


def alternative_names(leaf: x509.Certificate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The DNS names and the addresses of subjectAltName."""
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (), ()
    addresses = names.get_values_for_type(x509.IPAddress)
    return tuple(names.get_values_for_type(x509.DNSName)), tuple(str(address) for address in addresses)


def name_matches(host: str, dns_names: Sequence[str], addresses: Sequence[str] = ()) -> bool:
    """Whether a certificate for these names is for that host (an A-label name or an address literal).

    Case and a trailing dot do not count; `*` stands for exactly one whole label, the first (RFC 9525 section 6.3).
    """
    host = host.rstrip(".").lower()
    if is_address(host):
        return str(ip_address(host)) in addresses
    wanted = {host, "*." + host.partition(".")[2]}
    return any(name.rstrip(".").lower() in wanted for name in dns_names)
