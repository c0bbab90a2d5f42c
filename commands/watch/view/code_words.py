"""The words for what is broken, by the codes of `observation`. Data only."""

from collections.abc import Mapping

from commands.check_words import STATE_WORDS, TLS_WORDS

CODE_WORDS: Mapping[str, str] = {
    **STATE_WORDS,
    **{f"tls_{state}": f"TLS {words}" for state, words in TLS_WORDS.items()},
    "tls_none": "no TLS",
    "tls_ok": "no certificate shown",
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
}
