"""The words of a check: what each finding means and what to do about it. Data only: a second language is one more.

`{said}` and other parameters may hold what a remote server sent: views escape the finished sentence, never this file.
"""

from collections.abc import Mapping

from commands import check_words
from commands.smtpcheck.deep import wording as deep_wording
from commands.smtpcheck.policy import wording as policy_wording

VERDICT_WORDS, STATE_WORDS, TLS_WORDS = check_words.VERDICT_WORDS, check_words.STATE_WORDS, check_words.TLS_WORDS

DEEP_WAITS = "waits up to 35 s for each greeting and takes up to 2 min in all"
"""What a deep check does, in words (`wire.session.DEEP`)."""

FINDINGS: Mapping[str, str] = {
    # TCP and the guard
    "refused": "Port {port} refuses connections: nothing listens there, or a firewall rejects them.",
    "no_answer": (
        "Port {port} did not answer within {seconds} s: a firewall drops the packets, theirs or one on our side. "
        "Try the port from another network before you blame either."
    ),
    "unreachable": "No route to port {port}: the network says that the address cannot be reached from here.{no_v6}",
    "not_permitted": "This machine's own firewall forbids connections to port {port}: ask whoever runs it.",
    "blocked_here": (
        "Likely our side: port {port} does not work, and it does not work to {controls} either. Our network or its "
        "provider blocks outgoing port {port}: ask it to open the port, or use another port or a relay."
    ),
    "no_answer_target": (
        "Likely the target's side: port {port} did not answer within {seconds} s, while {controls} can be reached "
        "on it. A firewall there drops the packets, or our address is not let in: ask the host's operator."
    ),
    "refused_target": (
        "Likely the target's side: port {port} refuses connections, while {controls} can be reached on it. Nothing "
        "listens there, or a firewall there rejects our address."
    ),
    "refused_nearby": (
        "Port {port} was refused after {ms} ms, while the way to the host takes {host_ms} ms: possibly something "
        "closer to us than the server rejects it. Try the port from another network."
    ),
    "control_probe": "Control probe of port {port}: {results}.",
    "network_pattern": "This is the pattern of {pattern}.",
    "not_finished": (
        "The check ran out of time on port {port}{came_to}, so nothing can be said of it. Check this port alone."
    ),
    "held_up": (
        "Portero itself was held up while it waited on port {port}: what it did not hear says nothing about the "
        "server. Run it again; if that comes often, give Portero more CPU."
    ),
    "forbidden": (
        "{host} {leads} an address that is not public, so it was not probed. "
        "Whoever runs Portero can open a network with PORTERO_ALLOW_NETWORKS."
    ),
    "mail_not_public": (
        "Mail for {name} goes to {hosts}, where no address is public: nobody outside that network can deliver it. "
        "Point the MX records to hosts with public addresses."
    ),
    "mx_not_public": (
        "Mail for {name} may go to {hosts}, where no address is public: senders outside that choose it lose time, and "
        "some give up. Take it out of the MX records that everybody sees."
    ),
    "denied_by_owner": (
        "{host} is left alone here, at the wish of its owner or of whoever runs Portero (PORTERO_DENY_HOSTS): no "
        "connection was made."
    ),
    # greeting
    "no_greeting": (
        "Port {port} accepts connections{and_tls}, but there was no greeting within {waited} s (RFC 5321 lets a server "
        "take 300 s). It may be slow on purpose, {or_waits}or be a load balancer without a server behind it."
    ),
    "incomplete_greeting": "Port {port} began a greeting that {had_ended}: {said!r}.",
    "greeting_awaited": f"Some servers make strangers wait longer for a greeting: add deep, which {DEEP_WAITS}.",
    "closed_before_greeting": (
        "Port {port} accepts connections and closes them {when}: {why_left}. Ask the host's operator whether our "
        "address is let in."
    ),
    "reset_before_greeting": (
        "Port {port} accepts connections and resets them {when}: {why_left}. Ask the host's operator whether our "
        "address is let in."
    ),
    "plain_on_tls_port": (
        "Port {port} speaks plain SMTP ({said!r}) where clients expect TLS from the first byte; they fail with "
        '"wrong version number". Set the listener to implicit TLS, or the client to STARTTLS.'
    ),
    "not_smtp": "What answers on port {port} does not speak SMTP{protocol_words}: {said!r}.",
    "unexpected_reply": (
        "The server speaks SMTP on port {port} up to an answer that has no place there: {said!r}. Either it is broken, "
        "or something in between writes into the session."
    ),
    "rate_limited": (
        "The server turned us away for now ({code}): {said!r}. That says nothing about {unseen}; "
        "ask again in some minutes."
    ),
    "temp_refused": "The server refused us for now ({code}): {said!r}. Ask again later; other clients may be fine.",
    "refused_by_policy": (
        "The server refuses us ({code}): {said!r}. Check the reverse DNS and the blocklist entries of the address "
        "that we connect from; other clients may be fine."
    ),
    "no_mail_service": "The server says that it takes no mail (521, RFC 7504): {said!r}.",
    "response_too_large": (
        "The server sent more than 8 KiB in one line or 32 KiB in one reply: we stopped reading. No mail server does."
    ),
    "tarpit": (
        "The server answers drop by drop: a tarpit for senders that it distrusts. Mail from our address would hang too."
    ),
    "tarpit_spamd": (
        "The server answers byte by byte, likely OpenBSD's spamd: it wastes the time of senders on a blocklist. "
        "Look our address up in blocklists."
    ),
    "slow_greeting": (
        "The greeting took {seconds} s: a delay on purpose (postscreen, greet_pause) or a slow look-up of our address. "
        "Clients with short time-outs give up."
    ),
    "bare_line_feed": "Lines end with a bare line feed instead of CR LF (RFC 5321 section 2.3.8); strict clients fail.",
    "long_line": "A reply line has {octets} octets; 512 are allowed (RFC 5321 section 4.5.3.1.5).",
    "greeting_without_name": "The greeting does not begin with the server's name (RFC 5321 section 4.2).",
    "mixed_codes": "The lines of one reply carry different codes (RFC 5321 section 4.2.1); the last one counts.",
    "odd_reply_line": (
        "A reply does not look as RFC 5321 section 4.2 wants it, a code and then a blank or a hyphen: {said!r}. Strict "
        "clients fail."
    ),
    "middlebox_cisco": (
        "The greeting is masked with asterisks: likely a Cisco firewall on the way, whose inspection often breaks "
        "STARTTLS. Switch its SMTP or ESMTP inspection off."
    ),
    "middlebox_here": (
        "The greetings of {controls} are masked in the same way: the firewall that does it is likely on our side. "
        "Ask our network to switch its SMTP or ESMTP inspection off."
    ),
    "hijack_suspect": (
        "Likely something on our side answers on port {port} in place of {host}: {controls}, which have nothing to do "
        "with it, greet with the same name ({said!r}). What is seen here is that device. Check from another network."
    ),
    "refused_alike": (
        "Likely our side: {controls}, which have nothing to do with {host}, refuse us on port {port} in the same words "
        "({said!r}). Either something on our network answers in their place, or our address is blocked everywhere: ask "
        "our network, and look the address up in blocklists."
    ),
    # EHLO
    "ehlo_name_rejected": (
        "The server does not accept our EHLO name ({code}): {said!r}. The fault is ours: set PORTERO_EHLO_NAME to a "
        "host name that resolves to the address we connect from."
    ),
    "ehlo_not_understood": "The server understands neither EHLO nor HELO ({code}): {said!r}.",
    "no_ehlo_reply": "The server greeted us on port {port} and then {no_answer_to} EHLO{inside}{in_time}.",
    "tls_required": (
        "The server refuses EHLO until TLS is up ({code}): {said!r}. RFC 3207 section 4 wants EHLO answered; clients "
        "that ask for the extensions first cannot connect."
    ),
    "exchange_hint": "This looks like Microsoft Exchange: NTLM and GSSAPI are logins for members of its domain.",
    "legacy_helo_only": (
        "The server refuses EHLO and takes HELO: very old, or hidden behind a firewall that inspects SMTP. "
        "Neither STARTTLS nor login is possible like this."
    ),
    "protocol_violation": (
        "The server sent a reply before it was asked, so which reply belongs to which question is not certain: what it "
        "does not seem to offer may be there. Either it is broken, or something in between merges its replies."
    ),
    "auth_before_tls": (
        "Login ({mechanisms}) is advertised before TLS on port {port}: a client may send its password in the clear. "
        "Offer AUTH only after STARTTLS."
    ),
    "auth_not_offered": "Port {port} offers no login after TLS: clients cannot submit mail here.",
    "starttls_after_tls": "STARTTLS is still advertised inside TLS (RFC 3207 section 4.2 forbids it).",
    "proxy_commands_offered": (
        "The server lists {commands} to us, a stranger: if it obeys (that was not tried), anybody can forge the client "
        "address. Offer it to your own proxies alone."
    ),
    # STARTTLS and TLS
    "starttls_not_offered": "Port {port} offers no STARTTLS to us: mail and passwords would cross in the clear.",
    "starttls_masked": (
        "Something between us and the server overwrites STARTTLS in the EHLO reply (Cisco inspection does that). "
        "Allow TLS on that firewall or switch its SMTP inspection off."
    ),
    "starttls_broken_temp": (
        "STARTTLS is advertised but fails on the server's side ({said}): look at its certificate and key."
    ),
    "starttls_intercepted": (
        "STARTTLS is advertised but then answered with {said!r}: a device in between intercepts it, or the server is "
        "broken."
    ),
    "response_injection": (
        "Plain text stood behind the reply to STARTTLS: {said!r}. Somebody in between may inject replies "
        "(RFC 3207 section 4, CVE-2011-0411). Do not log in through this connection."
    ),
    "implicit_tls": ("Port {port} speaks TLS from the first byte, where {implicit}"),
    "tls_no_common_cipher": (
        "The TLS handshake on port {port} failed: the server accepts none of the TLS settings that we offer, most "
        "often for want of a common cipher suite."
    ),
    "tls_version": "The TLS handshake on port {port} failed: server and client share no protocol version.",
    "tls_wants_certificate": (
        "The server breaks off TLS on port {port} for want of a certificate of the client: only clients that have one "
        "get in. If that is not meant, do not require client certificates here."
    ),
    "sni_rejected": (
        "The server refuses TLS on port {port} to clients that name the host in the handshake (SNI): "
        "unrecognized_name, it has no certificate for it.{unnamed}"
    ),
    "tls_not_spoken": "After agreeing to TLS on port {port} the server went on in plain text: {said!r}.",
    "tls_closed": "The server closed the connection {in_where} on port {port}.",
    "tls_reset": "The connection was reset {in_where} on port {port}, by the server or on the way.",
    "tls_timeout": "{what_of_tls} on port {port} got no answer.",
    "tls_failed": "The TLS handshake on port {port} failed ({said}), so the port is of no use to clients.",
    "legacy_tls": "The server speaks only {tls_number}, which RFC 8996 forbids; many clients refuse it.",
    # certificate
    "cert_expired": "The certificate expired {days_word} ago: renew it. Clients that verify refuse this server.",
    "cert_not_yet_valid": "The certificate is not valid yet: check the clock of the machine that issued it.",
    "cert_self_signed": "The certificate is self-signed: clients that verify refuse this server.",
    "cert_untrusted": "The certificate was issued by {issued_by}.",
    "cert_invalid": (
        "The certificate bears the name of a trusted authority and yet does not verify: {detail}. Clients that verify "
        "refuse this server."
    ),
    "cert_chain_incomplete": (
        "The server does not send its intermediate certificate{authority}: many clients cannot verify it. Put it "
        "behind the server's own in the certificate file."
    ),
    "cert_chain_expired": "An intermediate certificate in the chain has expired ({certificate}): replace it.",
    "cert_name_mismatch": (
        "The certificate is for {names}, not for {host}: clients that verify refuse this server.{instead}"
    ),
    "cert_no_san": "The certificate names {common}; clients have ignored that for years.",
    "cert_weak_key": "The certificate's key is weak ({key}).",
    "cert_weak_signature": "The certificate is signed with a broken algorithm ({signature}).",
    "cert_expires_soon": "The certificate ends in {days_word}: renew it now.",
    "cert_expires_in_weeks": "The certificate ends in {days_word}.",
    "cert_unparsable": "The server's certificate cannot be parsed.",
    # DNS
    "dns_nxdomain": "{name} does not exist in DNS: check the spelling.",
    "dns_no_data": "{name} exists in DNS but has no address and no MX record: nothing can be delivered there.",
    "dns_servfail": "{name} could not be looked up: {dns_trouble}.",
    "dns_timeout": "DNS did not answer for {name}: try again, or check PORTERO_NAMESERVERS.",
    "dns_loop": "The aliases (CNAME) of {name} lead in a circle or on and on: nothing can be delivered there.",
    "null_mx": "{name} declares that it receives no mail (null MX, RFC 7505): do not send there.",
    "implicit_mx": "{name} has no MX record; senders deliver to its address record (RFC 5321 section 5.1).",
    "mixed_null_mx": "{name} has a null MX beside real ones, which RFC 7505 forbids; senders may bounce its mail.",
    "mx_is_cname": "The MX {host} is an alias (CNAME), which RFC 2181 section 10.3 forbids; some senders refuse it.",
    "mx_is_address": "The MX {host} is an address, not a name: no sender can use it.",
    "mx_bad_name": "The MX {host} is not a host name: no sender can use it.",
    "mx_nxdomain": "The MX {host} does not exist in DNS.",
    "mx_no_address": "The MX {host} has no address.",
    "mx_servfail": "The MX {host} could not be looked up: {dns_trouble}.",
    "mx_loop": "The aliases (CNAME) of the MX {host} lead in a circle or on and on: no sender gets there.",
    "mx_timeout": "DNS did not answer for the MX {host}.",
    "mx_not_probed": (
        "Not probed, because one check makes at most {limit} connections: {hosts}. Check by name what matters to you."
    ),
    "too_many_mx": "{name} has more than ten MX records; only the first ten were looked at.",
}

REASONS: Mapping[str, str] = {
    "implicit_tls": "TLS from the first byte and login, as RFC 8314 recommends",
    "starttls": "login is offered; set the client to require TLS",
    "alternate": "an alternate submission port with login; set the client to require TLS",
    "no_login": "TLS works, but no login was offered: only for clients that are let in by address",
    "relay_only": "only the relay port answers: right for server to server, not for applications",
    "no_tls": "it works, but without TLS: everything crosses in the clear",
    "least_bad": "nothing better answers, but see the findings first",
}

ON_SOME = " on {some} of {all} hosts"
"""How many of several mail exchangers."""

NULL_MX = "Port {port} answers as a mail server ({tls}), but the domain declares that it receives no mail (null MX)."
RELAY = "Port {port} takes mail from other servers{some} ({tls})."
RELAY_ONLY = "Port {port} takes mail from other servers{some} ({tls}); no port for clients was seen to work."

TLS_MODES: Mapping[str, str] = {"implicit": "implicit TLS", "starttls": "STARTTLS", "none": "no TLS from here"}

TLS_BESIDE: Mapping[str, str] = {
    "hidden_starttls": "STARTTLS works but is not announced",
    "starttls_flapping": "STARTTLS on some connections only",
    "tls_flapping": "TLS on some connections only",
}
"""What a deep check saw of TLS on its further connections: code of the finding -> words for the first line."""

TLS_UP = "works"
"""TLS in the table where the handshake was finished and the server hung up before its version could be read."""

FIRST_BYTE = "TLS from the first byte"
IMPLICIT_ON_RELAY = (
    "servers that send expect a greeting and then STARTTLS: they hang, and no mail gets in. Set the listener to "
    "STARTTLS."
)
IMPLICIT_FOR_CLIENTS = (
    "clients expect STARTTLS: clients set to that hang. Set clients to SSL/TLS on this port, or the listener to "
    "STARTTLS."
)
"""What implicit TLS means on port 25, and on a port for clients."""

NOT_ANNOUNCED = "not announced"
"""TLS in the table where a further connection came to it without its announcement."""

CLIENT_TLS: Mapping[str, str] = {"implicit": "SSL/TLS", "starttls": "STARTTLS (required)", "none": "no TLS"}
"""The modes as mail clients call them."""

NEXT_STEP: Mapping[str, str] = {
    "failed": "See the findings.",
    "blocked_here": "Ask whoever runs our network to open the port.",
    "unknown": "Run it again in some minutes.",
}

WAITED: Mapping[str, str] = {
    "no_greeting": "{words} for {seconds:.0f} s",
    "incomplete_greeting": "{words} in {seconds:.0f} s",
}
"""States that are nothing without how long we waited."""

NOT_THIS_HOST = "Check from another network."
"""The next step where something else answered in the host's place: to ask again brings the same."""

OUR_EHLO_NAME = "The fault is ours: PORTERO_EHLO_NAME must be a name that resolves to the address we connect from."
"""The next step where servers do not accept our name."""

FROM_HERE = " from here"
"""What one vantage point can say of a host where no port worked: others may be let in."""

IMPLICIT_ELSEWHERE = "TLS from the first byte and login; clients must be set to SSL/TLS, which is unusual on this port"
"""RFC 8314 recommends implicit TLS on 465; found on 587 it works, but nobody recommends it."""


FINDINGS = {**FINDINGS, **policy_wording.FINDINGS, **deep_wording.FINDINGS}


UNNAMED = (
    " To us, without the name, it spoke TLS: mail clients name the host and fail, senders that do not get through."
)
"""Behind `sni_rejected`, where the second try came to TLS."""


DNS_TROUBLE: Mapping[str, str] = {
    "SERVFAIL": "its name servers fail (SERVFAIL{of}): broken DNSSEC, or they are down",
    "REFUSED": "our name server refuses the question (REFUSED{of}): check PORTERO_NAMESERVERS",
    "": "no name server could be reached: check PORTERO_NAMESERVERS",
}
"""What a name server said (`rcode`) -> why a look-up failed; "" when none said anything."""

PRIVATE = "an authority that is not publicly trusted{authority}"
UNLINKED = (
    "{missing}, which is no trusted authority, and nothing that the server sends links it to one: it is a private one, "
    "or the intermediate certificate is missing"
)
"""By whom an untrusted certificate was issued."""

COMMON_NAMES = (
    "no host",
    "only {common_name}, and only in the subject",
    "its host only in the subject",
)
"""What a certificate without names for clients has in its subject: nothing, another name, the host."""

NO_V6 = " Most likely this machine or its network has no IPv6."

TLS_WHERE = (("in the TLS handshake", "The TLS handshake"), ("instead of answering STARTTLS", "STARTTLS"))
"""Where TLS failed: in the handshake, or before it."""

LEFT_AT_ONCE = "an IP allow-list, a connection limit, a proxy without a server behind it, or a filter in between"
LEFT_LATER = (
    "it waited for what did not come (TLS from the first byte, or a proxy's header), or gave up on a look-up of our "
    "address or on a server behind it"
)
"""Why a server leaves without a word, by when it does."""

LEFT_WITHOUT_ANSWER: Mapping[str, str] = {
    "closed": "closed the connection instead of answering",
    "reset": "reset the connection instead of answering",
}
"""How a session ended where an answer was due; else it was not answered in time."""

OTHER_RCODE = "our name server answers {rcode}{of}"
NO_REASON = "the reason is not known"
