"""Addresses as people and attackers write them.

An operating system takes decimal, octal, hexadecimal, short and full-width forms for IPv4 addresses: `2130706433`,
`0x7f.1` and a circled `127.0.0.1` all are the loopback to getaddrinfo(). Here they are refused with the usual form.

Sources: inet_aton(3), RFC 4007 section 11 (scope ids), RFC 4291 section 2.2.
"""

import re
import unicodedata
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address

from commands.contract import UserError
from commands.slack_text import quoted

_NUMBER = re.compile(r"0x[0-9a-f]*|\d+")


def is_address(text: str) -> bool:
    """Whether the text is an IPv4 or IPv6 address in one of its usual forms."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def canonical_address(host: str) -> str:
    """The canonical form of an address, or nothing. Raises `UserError` for what only looks like one."""
    if "%" in host and ":" in host:
        plain = quoted(host.partition("%")[0])
        raise UserError("An address with a scope id reaches only this machine's own links.", f"Type `{plain}`.")
    if ":" in host:
        try:
            address = IPv6Address(host if host.isascii() else "")
        except AddressValueError:
            return ""
        return str(address.ipv4_mapped or address)
    plain = unicodedata.normalize("NFKC", host).replace("。", ".").lower().removesuffix(".")
    if not _NUMBER.fullmatch(plain.rpartition(".")[2]):
        return ""
    try:
        strict = str(IPv4Address(plain))
    except AddressValueError:
        strict = ""
    if strict and host.removesuffix(".") == strict:
        return strict
    raise _no_address(host, strict or _as_c_reads_it(plain))


def _no_address(host: str, meant: str) -> UserError:
    if meant:
        return UserError(f"`{quoted(host)}` is an unusual way to write {meant}.", f"Type `{meant}` if you mean that.")
    return UserError(
        f"`{quoted(host)}` is no IPv4 address.", "It has four numbers from 0 to 255, such as `198.51.100.25`."
    )


def _as_c_reads_it(text: str) -> str:
    """The address that inet_aton() makes of one to four decimal, octal or hexadecimal numbers, or nothing."""
    try:
        *heads, last = [int(part, _base(part)) if part != "0x" else 0 for part in text.split(".")]
    except ValueError:
        return ""
    room = 4 - len(heads)
    if room < 1 or any(head > 255 for head in heads) or last >= 256**room:
        return ""
    return str(IPv4Address(int.from_bytes(bytes(heads), "big") * 256**room + last))


def _base(part: str) -> int:
    if part.startswith("0x"):
        return 16
    return 8 if len(part) > 1 and part.startswith("0") else 10
