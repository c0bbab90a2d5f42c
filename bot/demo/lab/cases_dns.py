"""Cases D01 to D19: what DNS says of a mail domain, as zones and faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.demo.lab.zone import Fault, Zone

V4 = "198.51.100.25"
V6 = "2001:db8::25"
DEAD = "198.51.100.99"
MAIL: Zone = {"mail.example.com": {"A": [V4]}}
MANY = [f"10 mx{n:02}.example.com." for n in range(20)]
NAMES_OF_MANY = {f"mx{n:02}.example.com": {"A": [V4]} for n in range(20)}


@dataclass(frozen=True)
class DnsCase:
    """One case: the `target` as a user types it, the zone and its faults, and the finding that a probe names.

    `expect` is "ok" where there is no fault. Mail hosts have the lab addresses V4 and V6; at DEAD nothing listens.
    """

    id: str
    summary: str
    expect: str
    zone: Zone
    target: str = "example.com"
    faults: Mapping[str, Fault] = field(default_factory=dict)


def mx(*records: str, hosts: Zone = MAIL) -> Zone:
    """example.com with these MX records, and the hosts behind them."""
    return {"example.com": {"MX": records}, **hosts}


CASES = (
    DnsCase("D01", "null MX", "null_mx", mx("0 .")),
    DnsCase("D02", "no MX but an address", "implicit_mx", {"example.com": {"A": [V4]}}),
    DnsCase("D03", "neither MX nor address", "dns_no_data", {"example.com": {"TXT": ['"v=spf1 -all"']}}),
    DnsCase("D04", "no such name", "dns_nxdomain", {"other.example": {"A": [V4]}}),
    DnsCase(
        "D05", "SERVFAIL unless checking is disabled", "dns_servfail", MAIL, faults={"example.com": Fault(bogus=True)}
    ),
    DnsCase(
        "D06", "MX is an alias", "mx_is_cname",
        mx("10 alias.example.com.", hosts={**MAIL, "alias.example.com": {"CNAME": ["mail.example.com."]}})
    ),
    DnsCase("D07", "MX is an address in letters", "mx_is_address", mx("10 192.0.2.1.")),
    DnsCase(
        "D08a", "MX leads to a private address", "forbidden",
        mx("10 in.example.com.", hosts={"in.example.com": {"A": ["10.0.0.5"]}}),
    ),
    DnsCase("D08b", "MX is localhost", "forbidden", mx("10 localhost.", hosts={"localhost": {"A": ["127.0.0.1"]}})),
    DnsCase("D09", "IPv6 only", "ok", mx("10 six.example.com.", hosts={"six.example.com": {"AAAA": [V6]}})),
    DnsCase(
        "D10", "both families; whether IPv6 answers is the lab's business", "ok",
        mx("10 two.example.com.", hosts={"two.example.com": {"A": [V4], "AAAA": [V6]}}),
    ),
    DnsCase("D11", "twenty MX", "too_many_mx", {"example.com": {"MX": MANY}, **NAMES_OF_MANY}),
    DnsCase(
        "D12", "two MX of one preference", "ok",
        mx("10 mail.example.com.", "10 mail2.example.com.", hosts={**MAIL, "mail2.example.com": {"A": [V4]}}),
    ),
    DnsCase("D13", "null MX beside a real one", "mixed_null_mx", mx("0 .", "10 mail.example.com.")),
    DnsCase("D14", "MX does not exist", "mx_nxdomain", mx("10 gone.example.com.")),
    DnsCase(
        "D15", "the first MX does not take connections, the second works", "nolisting",
        mx("10 dead.example.com.", "20 mail.example.com.", hosts={**MAIL, "dead.example.com": {"A": [DEAD]}}),
    ),
    DnsCase("D16", "no answer", "dns_timeout", MAIL, faults={"example.com": Fault(drop=True)}),
    DnsCase(
        "D17", "an IDN whose two standards differ (IDNA 2008 keeps the sharp s)", "ok",
        {"xn--fa-hia.example": {"MX": ["10 mail.example.com."]}, "fass.example": {"MX": ["0 ."]}, **MAIL},
        target="fa\N{LATIN SMALL LETTER SHARP S}.example",
    ),
    DnsCase("D18", "a trailing dot", "ok", mx("10 mail.example.com."), target="example.com."),
    DnsCase(
        "D19", "a host name with an underscore", "ok", {"mail_1.example.com": {"A": [V4]}}, target="mail_1.example.com"
    ),
)  # fmt: skip

DNS_CASES: Mapping[str, DnsCase] = {case.id: case for case in CASES}
