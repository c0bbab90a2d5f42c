"""The words for what is broken or unknown, by the codes of `observation`. Data only."""

from collections.abc import Mapping

from commands.smtpcheck.result.english import STATES as STATE_WORDS
from commands.smtpcheck.result.english import TLS_STATES as TLS_WORDS

CODE_WORDS: Mapping[str, str] = {
    **STATE_WORDS,
    **{f"tls_{state}": f"TLS {words}" for state, words in TLS_WORDS.items()},
    "tls_none": "no TLS",
    "tls_not_spoken": "no TLS",
    "tls_broken_temp": "TLS not now (454)",
    "tls_sni_rejected": "TLS refuses the name",
    "tls_wants_certificate": "TLS wants a client certificate",
    "tls_ok": "no certificate shown",
    "implicit_tls": "TLS from the first byte, where servers begin in clear",
    "cert_expired": "certificate expired",
    "cert_chain_expired": "intermediate certificate expired",
    "cert_not_yet_valid": "certificate not valid yet",
    "cert_name_mismatch": "certificate for another name",
    "cert_no_san": "certificate names no host",
    "cert_self_signed": "certificate self-signed",
    "cert_untrusted": "certificate not trusted",
    "cert_invalid": "certificate does not verify",
    "cert_chain_incomplete": "intermediate certificate missing",
    "cert_unparsable": "certificate unreadable",
    "blocked": "blocked on our side",
    "nothing_to_check": "nothing to connect to",
    "dns_nxdomain": "no such name in DNS",
    "dns_no_data": "no address and no MX in DNS",
    "dns_servfail": "DNS fails",
    "dns_timeout": "DNS does not answer",
    "dns_loop": "aliases in a circle in DNS",
    "null_mx": "takes no mail (null MX)",
    "mx_is_address": "MX is an address",
    "mx_bad_name": "MX is no host name",
    "mx_nxdomain": "MX not in DNS",
    "mx_no_address": "MX without an address",
    "mx_servfail": "DNS of the MX fails",
    "mx_timeout": "DNS of the MX does not answer",
    "mx_loop": "aliases of the MX in a circle",
    "forbidden": "its address is not public, so nothing is connected to",
    "denied_by_owner": "it is left alone at the wish of its owner",
    "too_often": "it was looked at as often as this hour allows",
    "resting": "it refused us a short while ago and is left alone",
    "took_too_long": "the run took too long",
    "no_control": "no control host answers",
}
