"""The words of mail policy: what each finding means and what to do about it. Data only, in the form of `wording`.

`{said}`, `{ptr}`, `{banner}`, `{detail}` and the like may hold what strangers wrote: views escape the sentence.
"""

from collections.abc import Mapping

FINDINGS: Mapping[str, str] = {
    # MX
    "mx_first_silent": (
        "The first MX of {name} ({host}) takes no connections on port 25, while {other} answers: an outage, or "
        "nolisting (on purpose, against spam). From outside they look the same; senders that try the next MX deliver."
    ),
    "mx_idle": (
        "The MX {host} took no connection on port 25, while {other} answers: senders that choose it first lose time, "
        "and some give up. Bring it back, or take it out of the MX records of {name}."
    ),
    # reverse DNS
    "ptr_confirmed": "{address} is {ptr} in reverse DNS, and that name leads back to it.",
    "ptr_missing": (
        "{address} has no name in reverse DNS. That matters when this server also sends: many receivers refuse it "
        "then; ask whoever owns the address for a PTR record."
    ),
    "ptr_not_confirmed": (
        "{address} is {ptr} in reverse DNS, but that name does not lead back to it. If this server also sends, make "
        "both agree."
    ),
    "ptr_unknown": "The reverse DNS of {address} could not be looked up: it is unknown.",
    "banner_not_ptr": (
        "The greeting says {banner} while reverse DNS says {ptr}. That is common and harmless for receiving; for "
        "sending let both say the same."
    ),
    # SRV
    "srv_offered": "{name} announces {service} in DNS (SRV): {where}. Clients that look for it connect there.",
    "srv_denied": '{name} says in DNS (SRV, target ".") that it offers no {service}.',
    "srv_unknown": "DNS did not say whether {name} announces {service}: it is unknown.",
    # DANE
    "dane_valid": (
        "DANE holds: the certificate of {host}:{port} matches TLSA {record} (DNSSEC validated by {resolver})."
    ),
    "dane_mismatch": (
        "None of the TLSA records of {host}:{port} matches its certificate (DNSSEC validated by {resolver}): senders "
        "with DANE do not deliver. Publish the record of the live certificate, or put the old certificate back."
    ),
    "dane_no_tls": (
        "DANE promises TLS on {host}:{port} (DNSSEC validated by {resolver}), but the server offers none to us: "
        "somebody strips STARTTLS on the way, or it is seriously misconfigured. Compare from another network at once."
    ),
    "dane_unusable": (
        "The TLSA records of {host}:{port} are of no use for mail (usages 0 and 1, or unknown fields, RFC 7672 "
        "section 3.1.3): senders require TLS and verify nothing. Publish 3 1 1."
    ),
    "dane_some_unusable": (
        "{unusable} of {count} TLSA records of {host}:{port} are of no use for mail (usages 0 and 1, or unknown "
        "fields, RFC 7672 section 3.1.3): remove them."
    ),
    "dane_unseen": (
        "{host}:{port} has TLSA records (DNSSEC validated by {resolver}), but no TLS handshake came about to compare "
        "them with: whether they match is unknown."
    ),
    "dane_unsigned": (
        "{host}:{port} has TLSA records without DNSSEC, so senders ignore them ({resolver} validates, and did not "
        "validate these). Sign the zone, or remove the records."
    ),
    "dane_unvalidated": (
        "{host}:{port} has TLSA records, but no validating name server vouches for them here (asked: {resolver}); "
        "without DNSSEC TLSA is ignored. Let PORTERO_NAMESERVERS name a validating resolver to know."
    ),
    "dane_untrusted": (
        "{resolver} says that the TLSA records of {host}:{port} are signed, but its word came over a network where "
        "anybody could have changed it: not relied on. Run a validating resolver on this machine to know, or set "
        "PORTERO_TRUST_AD where nobody can tamper with the way to {resolver}."
    ),
    "dane_mx_unsigned": (
        "The TLSA records of {host}:{port} are signed (validated by {resolver}), but the MX records that lead there "
        "are not, so senders do not rely on DANE. Sign the domain, too."
    ),
    "dane_address_unsigned": (
        "The TLSA records of {host}:{port} are signed (validated by {resolver}), but the address of {host} is not, so "
        "senders do not rely on DANE (RFC 7672 section 2.2). Sign its zone, too, also behind an alias."
    ),
    "dane_unknown": (
        "Whether DANE protects {host}:{port} is unknown: {why}. If the zone is signed, "
        "senders with DANE wait until it works."
    ),
    # MTA-STS
    "mta_sts_enforce": (
        "MTA-STS is enforced for {days_word}: senders that honour it deliver only with verified TLS to {mx}."
    ),
    "mta_sts_testing": "MTA-STS is in testing: senders report failures and deliver all the same.",
    "mta_sts_none": "MTA-STS is switched off by its own policy (mode none).",
    "mta_sts_unknown": "Whether {name} has MTA-STS is unknown: {why}.",
    "mta_sts_many_records": (
        "{name} has several MTA-STS records; senders then act as if there were none (RFC 8461 section 3.1). Keep one."
    ),
    "mta_sts_bad_record": "The MTA-STS record of {name} has no valid id, so senders ignore it: {detail!r}.",
    "mta_sts_no_host": (
        "{name} announces MTA-STS, but {host} has no address, so no sender can fetch the policy. Add the address, or "
        "remove the record."
    ),
    "mta_sts_host_unknown": "DNS did not answer for {host}, so the MTA-STS policy of {name} is unknown.",
    "mta_sts_forbidden": (
        "{host} leads to an address that is not public, so the MTA-STS policy of {name} was not fetched; senders "
        "outside cannot fetch it either."
    ),
    "mta_sts_denied": (
        "{host} is left alone here (PORTERO_DENY_HOSTS), so the MTA-STS policy of {name} is unknown: it was not "
        "fetched."
    ),
    "mta_sts_unreachable": (
        "{host} could not be reached on port 443 from here ({why}), so the MTA-STS policy of {name} is unknown. "
        "Try from another network before you blame either side."
    ),
    "mta_sts_timeout": "{host} did not send the MTA-STS policy in time: it is unknown. Try again.",
    "mta_sts_closed": "{host} closed the connection before the MTA-STS policy was there: it is unknown. Try again.",
    "mta_sts_tls": (
        "TLS with {host} failed ({detail}), so the MTA-STS policy could not be fetched and senders cannot fetch it "
        "either."
    ),
    "mta_sts_certificate": (
        "The certificate of {host} does not verify ({why}), so senders must ignore the MTA-STS policy. Renew it "
        "for exactly that name."
    ),
    "mta_sts_malformed": "What {host} sent for the MTA-STS policy is no HTTP response: {detail!r}.",
    "mta_sts_too_large": "The MTA-STS policy at {host} is larger than 64 KiB: senders may ignore it.",
    "mta_sts_redirect": (
        "{host} redirects the MTA-STS policy ({detail}), which senders must not follow (RFC 8461 section 3.3). Serve "
        "it there itself."
    ),
    "mta_sts_status": "{host} answers {detail} for the MTA-STS policy, so senders have none. Serve the file.",
    "mta_sts_content_type": (
        "{host} serves the MTA-STS policy as {detail!r} where text/plain is asked for (RFC 8461 section 3.2); some "
        "senders ignore it then."
    ),
    "mta_sts_bad_policy": (
        "The MTA-STS policy at {host} breaks the rules in {why} (RFC 8461 section 3.2), so senders ignore it."
    ),
    "mta_sts_mx_excluded": (
        "The MX {host} is not in the enforced MTA-STS policy of {name}: senders that honour it do not deliver there. "
        "Add it to the policy and change the record's id."
    ),
    "mta_sts_mx_unlisted": (
        "The MX {host} is not in the MTA-STS policy of {name}, which is in testing: add it before enforcing."
    ),
    "mta_sts_short_max_age": (
        "The MTA-STS policy of {name} lasts {seconds} s; RFC 8461 speaks of weeks. So short it protects little."
    ),
    "mta_sts_no_starttls": (
        "MTA-STS promises TLS, but {host}:{port} offers no STARTTLS to us: somebody strips it on the way, or it is "
        "seriously misconfigured. Compare from another network at once."
    ),
    "mta_sts_mx_certificate": (
        "MTA-STS promises a certificate that verifies, but that of {host}:{port} does not ({why}): it is misconfigured "
        "or somebody intercepts TLS on the way. Senders that honour MTA-STS do not deliver."
    ),
    # TLS-RPT
    "tls_rpt_valid": "{name} asks for reports of failed TLS at {rua} (TLS-RPT).",
    "tls_rpt_absent": (
        "{name} promises TLS but has no TLS-RPT record, so nobody tells it when senders fail. Publish one."
    ),
    "tls_rpt_many_records": (
        "{name} has several TLS-RPT records; senders then act as if there were none (RFC 8460 section 3). Keep one."
    ),
    "tls_rpt_invalid": "The TLS-RPT record of {name} has no valid rua, so nobody can report: {said!r}.",
    "tls_rpt_unknown": "DNS did not say whether {name} has a TLS-RPT record: it is unknown.",
}

VOUCHED = "{resolver}, whom PORTERO_TRUST_AD vouches for"
"""A name server whose AD bit counts only because the operator says so."""

REASONS: Mapping[str, str] = {
    # a look-up
    "dns_timeout": "DNS did not answer",
    "dns_servfail": "the name servers fail",
    "SERVFAIL": "the name servers fail (SERVFAIL), or DNSSEC is broken",
    "REFUSED": "the name servers refuse the question",
    "FORMERR": "the name servers do not understand the question (FORMERR)",
    "NOTIMP": "the name servers do not know this kind of question (NOTIMP)",
    # a connection
    "refused": "it refuses connections",
    "no_answer": "no answer",
    "unreachable": "no route",
    "not_permitted": "the firewall of this machine forbids it",
    "timeout": "it took too long",
    # a certificate
    "cert_expired": "it has expired",
    "cert_not_yet_valid": "it is not valid yet",
    "cert_self_signed": "it is self-signed",
    "cert_untrusted": "its authority is not publicly trusted",
    "cert_invalid": "it does not hold against the authority that it names",
    "cert_chain_incomplete": "an intermediate certificate is not sent",
    "cert_chain_expired": "an intermediate certificate has expired",
    "cert_name_mismatch": "it is for another name",
    "cert_no_san": "it names no host where clients look",
    "cert_weak_key": "its key is weak",
    "cert_weak_signature": "its signature is weak",
    "cert_unparsable": "it cannot be parsed",
    # a policy file
    "version": "its version line",
    "mode": "its mode line",
    "mx": "its mx lines",
    "max_age": "its max_age line",
    "line": "a line that is no field",
    "encoding": "its encoding, which is not UTF-8",
}
"""The words of `{why}`, which holds a code."""
