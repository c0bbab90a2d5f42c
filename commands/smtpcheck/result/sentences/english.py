"""The English of a check: the sentences of findings, and the words of values. Data only; see `languages` for a second.

A sentence is whole. Its key is the code of the finding, or code and variant where what was seen makes it another
sentence (`variants.VARIANTS`). A parameter may have a spec behind a colon, whose words stand below or are made
by `choice.SPECS`. Parameters may hold what a remote server sent: views escape the finished sentence.
"""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # TCP, our network and the guard
    "refused": "Port {port} refuses connections: nothing listens there, or a firewall rejects them.",
    "refused.reached": (
        "Port {port} refuses connections, while {controls} can be reached on it: nothing listens there, or a firewall "
        "rejects us, there or on the way."
    ),
    "no_answer": (
        "Port {port} did not answer within {seconds} s: the host is down, or packets are dropped or lost, on its side "
        "or on ours. Try the port from another network before you blame either."
    ),
    "no_answer.lossy": (
        "Port {port} did not answer within {seconds} s, and another connection to {address} stood only when it was "
        "asked for again: packets are lost on the way, or the host is too busy to take them all. That alone may be "
        "why. Run it again."
    ),
    "no_answer.other_source": (
        "Port {port} did not answer within {seconds} s. One of the two: the host, or our own way to it, for this "
        "machine connects to it from {source}, and reached {controls} from {other}. See whether anything answers "
        "{source}."
    ),
    "no_answer_either": (
        "Port {port} did not answer within {seconds} s, while {controls} can be reached on it, and nothing at all came "
        "back from {address}. One of the two: the host is down or drops our packets, or something loses them for this "
        "address alone, a route or a firewall on the way or of our own. Try from another network."
    ),
    "unreachable": (
        "No route to port {port}: this machine or the network says that the address cannot be reached from here."
    ),
    "unreachable.hop": "No route to port {port}: {sender} answers that {address} cannot be reached.",
    "unreachable.own_router": (
        "No route to port {port}: {sender}, a router of our own network, answers that {address} cannot be reached. "
        "Where other hosts cannot be reached from here, either, our own connection is down; else the way to this one "
        "is missing there, or the host is down."
    ),
    "unreachable.expired": (
        "No route to port {port}: the packets to {address} ran out of hops at {sender}. Most likely routers there send "
        "them to each other (a routing loop): whoever runs that router has to see."
    ),
    "unreachable.next_hop": (
        "Nobody on our own network answered for the way to {address} within {seconds} s: the next router is down, or "
        "the host itself where it stands in the same network."
    ),
    "rejected": (
        "Port {port} is rejected by a firewall, theirs or one on our side: there is a way to {address}, for another of "
        "its ports is open. Try the port from another network before you blame either."
    ),
    "rejected.host": (
        "Port {port} is rejected by the host's own firewall: {address} itself answered after {ms} ms that it does not "
        "let us in. Ask its operator."
    ),
    "rejected.hop": (
        "Port {port} is rejected by a firewall on the way: {sender} answered after {ms} ms that it lets nothing "
        "through. Whoever runs that address knows why: it may be ours or theirs."
    ),
    "rejected.hop_beside": (
        "Port {port} is rejected by a firewall on the way: {sender} answered after {ms} ms, while the host, which has "
        "an open port, takes {host_ms} ms. Whoever runs that address knows why: it may be ours or theirs."
    ),
    "rejected_target": (
        "Likely the target's side: a firewall rejects port {port} of {address}, or a forwarding of it leads nowhere, "
        "while {controls} can be reached on it. Ask the host's operator whether our address is let in."
    ),
    "rejected_either": (
        "A firewall rejects port {port} of {address}, or a forwarding of it leads nowhere, while {controls} can be "
        "reached on it. One of the two: the host's side, or a rule on our side for this address alone."
    ),
    "rejected_target.hop": "{sender}, on the way, sent the rejection.",
    "rejected_target.host": "{address} itself sent the rejection.",
    "unreachable.ipv6": "Most likely this machine or its network has no IPv6.",
    "no_ipv4_here": (
        "This machine has no route to {address}: most likely it or its network has no IPv4. Nothing is known of that "
        "address."
    ),
    "no_ipv6_here": (
        "This machine has no route to {address}: most likely it or its network has no IPv6. Nothing is known of that "
        "address."
    ),
    "silent_beside": (
        "Port {port} of {address} did not answer within {seconds} s, while this port of another of its addresses can "
        "be reached: this one is down or filtered, or the way to it is broken."
    ),
    "not_permitted": (
        "This machine itself forbids connections to port {port}, by its firewall or its routing table: ask whoever "
        "runs it."
    ),
    "not_permitted.router": (
        "{router}, a router of our own network, forbids connections to port {port} of {address}: ask whoever runs it."
    ),
    "blocked_here": (
        "Likely our side: port {port} does not work, and it does not work to {controls} either. Our network or "
        "its provider blocks outgoing port {port}: ask it to open the port, or use another port or a relay."
    ),
    "no_answer_target": (
        "Likely the target's side: port {port} did not answer within {seconds} s, while {controls} can be reached "
        "on it. A firewall there drops the packets, our address is not let in, or its server is too busy to take "
        "connections: ask the host's operator. A rule on our side for this address alone looks the same."
    ),
    "refused_target": (
        "Likely the target's side: port {port} refuses connections, while {controls} can be reached on it. "
        "Nothing listens there, or a firewall there rejects our address."
    ),
    "refused_nearby": (
        "Port {port} was refused after {ms} ms, while the way to the host takes {host_ms} ms: possibly something "
        "closer to us than the server rejects it. Try the port from another network."
    ),
    "control_probe": "Control probe of port {port}: {results:attempts}.",
    "control_probe.earlier": (
        "Control probe of port {port}: {results:attempts} (asked {ago_s:.0f} s before this check)."
    ),
    "control_probe.alone": ("What one operator's hosts do tells nothing of our side: PORTERO_CONTROL_HOSTS needs two."),
    "network_pattern": "This is the pattern of {pattern:pattern}.",
    "not_finished": (
        "The check ran out of time on port {port} after {seconds} s, so nothing can be said of it. Check this "
        "port alone."
    ),
    "not_finished.not_begun": (
        "The check ran out of time on port {port} before it came to it, so nothing can be said of it. Check this "
        "port alone."
    ),
    "not_begun": (
        "Port {port} was not asked: for {seconds} s other checks of ours at {address} came first. That says nothing "
        "about the server. Try again in a few minutes."
    ),
    "held_up": (
        "Portero itself was held up while it waited on port {port}: what it did not hear says nothing about the "
        "server. Run it again; if that comes often, give Portero more CPU."
    ),
    "not_heard": (
        "Port {port} was not heard: the machine that checked it was lost before it told. That says nothing about the "
        "server. Run it again."
    ),
    "not_asked_alone": (
        "Port {port} turned us away beside {others:others} of ours ({how:turned_away}), as this host does to whoever "
        "has several. Whether it lets one in alone is not known: check this port by itself."
    ),
    "not_asked_alone.again": (
        "Port {port} turned us away ({how:turned_away}), as another port of this host did, which then answered a "
        "second connection. This one was not asked again: nothing is known of it. Check this port alone."
    ),
    "answers_some": (
        "Port {port} answered {answered} of {of} connections (the first: {how:turned_away}). Likely one of several "
        "servers behind this address is down and clients are still sent to it; else only so many are let in at a time. "
        "Clients meet that now and then. Ask the host's operator."
    ),
    "few_connections": (
        "Port {port} turned us away beside {others:others} of ours ({how:turned_away}), and let us in alone."
    ),
    "few_connections.said": (
        "Port {port} turned us away beside {others:others} of ours ({said!r}), and let us in alone."
    ),
    "few_connections.one": (
        "Likely {address} takes one connection at a time from here, or none right behind another, by a limit of the "
        "server, a firewall or a load balancer. Else one of several servers behind it fails."
    ),
    "few_connections.few": (
        "Likely {address} takes only few connections at a time from here, or few in quick succession, by a limit of "
        "the server, a firewall or a load balancer. Else one of several servers behind it fails."
    ),
    "vantage_gone": "{vantage} went away after {heard:joined}: this check is incomplete.",
    "vantage_gone.at_once": "{vantage} went away before any port was heard: this check is incomplete.",
    "vantage_late": (
        "{vantage} did not end its check and was given up after {seconds} s. It had told {heard:joined}: this check is "
        "incomplete."
    ),
    "vantage_late.at_once": (
        "{vantage} did not end its check and was given up after {seconds} s. It had told no port: this check is "
        "incomplete."
    ),
    "vantage_cut": "Portero lost the way to {vantage} after {heard:joined}: this check is incomplete.",
    "vantage_cut.at_once": "Portero lost the way to {vantage} before any port was heard: this check is incomplete.",
    "forbidden": (
        "{host} leads to an address that is not public, so it was not probed. Whoever runs Portero can open a "
        "network with PORTERO_ALLOW_NETWORKS."
    ),
    "forbidden.address": (
        "{host} is an address that is not public, so it was not probed. Whoever runs Portero can open a network "
        "with PORTERO_ALLOW_NETWORKS."
    ),
    "forbidden.nowhere": (
        "{host} leads to {reason:address_kind}, where no other machine finds it, so it was not probed. Its record "
        "in DNS is wrong, or the name server that we ask blocks the name and answers with that."
    ),
    "forbidden.some": (
        "{host} has public addresses and one that is not public; that one closes the whole name here, so it was not "
        "probed. Who is sent to it from outside gets nowhere: take it out of the records that everybody sees."
    ),
    "address_not_public": (
        "{host} has public addresses, which were checked, and one that is not public, which was not: from outside "
        "nobody gets there. If your own name server gives it to your own network alone (split DNS), all is well; else "
        "take it out of the records that everybody sees."
    ),
    "address_not_public.several": (
        "{host} has public addresses, which were checked, and {count} that are not public, which were not: from "
        "outside nobody gets there. If your own name server gives them to your own network alone (split DNS), all is "
        "well; else take them out of the records that everybody sees."
    ),
    "mail_not_public": (
        "Mail for {name} goes to {hosts}, where no address is public: nobody outside that network can deliver it, "
        "unless DNS gives them another address (split DNS). Point the MX records to hosts with public addresses."
    ),
    "mx_not_public": (
        "Mail for {name} may go to {hosts}, where no address is public: senders outside that choose it lose time, "
        "and some give up, unless DNS gives them another address (split DNS). Take it out of the MX records that "
        "everybody sees."
    ),
    "denied_by_owner": (
        "{host} is left alone here, at the wish of its owner or of whoever runs Portero (PORTERO_DENY_HOSTS): no "
        "connection was made."
    ),
    # the greeting
    "no_greeting": (
        "Port {port} accepts connections, but there was no greeting within {waited} s (RFC 5321 lets a server "
        "take 300 s). It may be slow on purpose, wait for TLS first, have no process left, or be a load balancer "
        "without a server behind it."
    ),
    "no_greeting.inside_tls": (
        "Port {port} accepts connections and TLS, but there was no greeting within {waited} s (RFC 5321 lets a "
        "server take 300 s). It may be slow on purpose, have no process left, be a load balancer without a server "
        "behind it, or no mail server at all (HTTPS waits like that)."
    ),
    "incomplete_greeting": "Port {port} began a greeting that never ended: {said!r}.",
    "incomplete_greeting.timeout": "Port {port} began a greeting that had not ended after {waited} s: {said!r}.",
    "greeting_awaited": (
        "Some servers make strangers wait longer for a greeting: add deep, which waits up to 35 s for each "
        "reply and takes up to 2 min in all."
    ),
    "closed_before_greeting": (
        "Port {port} took our connection and closed it at once. Most often the mail server dies as it starts or has "
        "no process left, a proxy has no server behind it or sends a header that nobody expects, or our address is "
        "not let in (allow-list, connection limit, filter on the way). Ask the host's operator: its log tells."
    ),
    "closed_before_greeting.later": (
        "Port {port} took our connection and closed it after {waited} s without a word: it waited for what did "
        "not come (TLS from the first byte, or a proxy's header), or gave up on a look-up of our address or on a "
        "server behind it. Ask the host's operator whether our address is let in."
    ),
    "closed_before_greeting.inside_tls": (
        "Port {port} takes TLS and then closes the connection without a greeting. Most often a service that the mail "
        "server needs there is down (the login service, SASL), it has no process left, or what does TLS in its place "
        "has no server behind it. Ask the host's operator: its log tells."
    ),
    "reset_before_greeting": (
        "Port {port} took our connection and reset it at once. Most often the mail server dies as it starts or has "
        "no process left, a proxy has no server behind it or sends a header that nobody expects, or our address is "
        "not let in (allow-list, connection limit, filter on the way). Ask the host's operator: its log tells."
    ),
    "reset_before_greeting.later": (
        "Port {port} took our connection and reset it after {waited} s without a word: it waited for what did "
        "not come (TLS from the first byte, or a proxy's header), or gave up on a look-up of our address or on a "
        "server behind it. Ask the host's operator whether our address is let in."
    ),
    "reset_before_greeting.inside_tls": (
        "Port {port} takes TLS and then resets the connection without a greeting. Most often a service that the mail "
        "server needs there is down (the login service, SASL), it has no process left, or what does TLS in its place "
        "has no server behind it. Ask the host's operator: its log tells."
    ),
    "same_proxy_header": (
        "Port {port} fails as port {others} of the same address does, which waits for a PROXY header: likely it waits "
        "for one, too. That header was not tried on it."
    ),
    "proxy_header_expected": (
        "Port {port} waits for a PROXY header: without one it said nothing for {waited} s, behind one it greeted. It "
        "was reached past its proxy or load balancer, or that sends no header: for everybody who connects like us it "
        "does not work. Send the header (HAProxy: send-proxy), or do not expect it."
    ),
    "proxy_header_expected.closed": (
        "Port {port} waits for a PROXY header: without one it closed the connection after {waited} s, behind one it "
        "greeted. It was reached past its proxy or load balancer, or that sends no header: for everybody who connects "
        "like us it does not work. Send the header (HAProxy: send-proxy), or do not expect it."
    ),
    "proxy_header_expected.reset": (
        "Port {port} waits for a PROXY header: without one it reset the connection after {waited} s, behind one it "
        "greeted. It was reached past its proxy or load balancer, or that sends no header: for everybody who connects "
        "like us it does not work. Send the header (HAProxy: send-proxy), or do not expect it."
    ),
    "proxy_header_expected.turned_away": (
        "Port {port} waits for a PROXY header: without one it gave up after {waited} s ({said!r}), behind one it "
        "greeted. It was reached past its proxy or load balancer, or that sends no header: for everybody who connects "
        "like us it does not work. Send the header (HAProxy: send-proxy), or do not expect it."
    ),
    "plain_on_tls_port": (
        "Port {port} speaks plain SMTP ({said!r}) where clients expect TLS from the first byte; they fail with "
        '"wrong version number". Set the listener to implicit TLS, or the client to STARTTLS.'
    ),
    "not_smtp": "What answers on port {port} does not speak SMTP: {said!r}.",
    "not_smtp.protocol": "What answers on port {port} does not speak SMTP but {protocol}: {said!r}.",
    "not_smtp.https": (
        "Port {port} speaks HTTP over TLS, not SMTP: it chose HTTP in the handshake and answered a request with "
        "{said!r}. Most often a web server or a proxy was given this port by mistake."
    ),
    "not_smtp.lmtp": (
        "Port {port} speaks LMTP (RFC 2033), by which a mail server hands mail to mailboxes behind it: {said!r}. "
        "Nobody who speaks SMTP can deliver here; let the mail server listen on this port, and LMTP inside alone."
    ),
    "unexpected_reply": (
        "The server speaks SMTP on port {port} up to an answer that has no place there: {said!r}. Either it is "
        "broken, or something in between writes into the session."
    ),
    "rate_limited": (
        "The server turned us away for now ({code}): {said!r}. That says nothing about its TLS or its logins; ask "
        "again in a few minutes."
    ),
    "rate_limited.inside_tls": (
        "The server turned us away for now ({code}): {said!r}. That says nothing about its logins; ask again in "
        "a few minutes."
    ),
    "rate_limited.said": "The server turned us away for now ({code}): {said!r}.",
    "temp_refused.said": "The server refused us for now ({code}): {said!r}.",
    "temp_refused.starttls": (
        "The server refused STARTTLS for now ({code}): {said!r}. Whether it takes mail without was not tried."
    ),
    "temp_refused": "The server refused us for now ({code}): {said!r}. Ask again later; other clients may be fine.",
    "refused_by_policy": (
        "The server refuses us ({code}): {said!r}. That names no reason that is known here: a rule about our address "
        "or its names, or one for everybody. Its operator knows."
    ),
    "refused_by_policy.said": "The server refuses us ({code}): {said!r}.",
    "refused_by_policy.listed": (
        "{list}, a blocklist, lists our address, says the server: look it up and ask for its removal at {look_up}. Its "
        "words ({code}): {said!r}."
    ),
    "refused_by_policy.listed_somewhere": (
        "{list}, a blocklist, lists our address, says the server: look it up there. Its words ({code}): {said!r}."
    ),
    "refused_by_policy.name_listed": (
        "{list}, a blocklist, lists a name of ours, not our address, says the server: look the name up and ask for its "
        "removal at {look_up}. Its words ({code}): {said!r}."
    ),
    "refused_by_policy.name_listed_somewhere": (
        "{list}, a blocklist, lists a name of ours, not our address, says the server: look the name up there. Its "
        "words ({code}): {said!r}."
    ),
    "refused_by_policy.listed_on_closed": (
        "The server refuses us for {list}, a blocklist that was switched off on {closed}: its operator has to stop "
        "asking it. Its words ({code}): {said!r}."
    ),
    "address_refused": "Port {port} refuses us for our address or its names, so this says nothing of the host.",
    "refused_unexplained": "Whether port {port} refuses everybody, or us alone, was not seen from here.",
    "no_mail_service": (
        "The server answers 521, the code of a host that takes no mail (RFC 7504): {said!r}. Some servers (Postfix) "
        "also turn single clients away with it."
    ),
    "response_too_large": (
        "The server sent more than 8 KiB in one line or 32 KiB in one reply: we stopped reading. No mail server does."
    ),
    "tarpit": (
        "The server answers drop by drop, as tarpits do to senders that they distrust, or as one that is overloaded. "
        "Mail from our address would hang, too."
    ),
    "tarpit_spamd": (
        "The server answers byte by byte, likely OpenBSD's spamd: it wastes the time of senders that are on a "
        "blocklist or not known yet. Look our address up in blocklists."
    ),
    "slow_ehlo": (
        "EHLO was answered after {seconds} s. Most often that is a delay on purpose or a slow look-up of our name or "
        "address; clients with short time-outs give up."
    ),
    "slow_greeting": (
        "The greeting took {seconds} s. Most often that is a delay on purpose (postscreen, greet_pause) or a slow "
        "look-up of our address; clients with short time-outs give up."
    ),
    "bare_line_feed": (
        "Lines end with a bare line feed instead of CR LF (RFC 5321 section 2.3.8); strict clients fail."
    ),
    "long_line": "A reply line has {octets} octets; 512 are allowed (RFC 5321 section 4.5.3.1.5).",
    "greeting_without_name": "The greeting does not begin with the server's name (RFC 5321 section 4.2).",
    "mixed_codes": "The lines of one reply carry different codes (RFC 5321 section 4.2.1); the last one counts.",
    "odd_reply_line": (
        "A reply does not look as RFC 5321 section 4.2 wants it, a code and then a blank or a hyphen: {said!r}. "
        "Strict clients fail."
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
        "Likely something on our side answers on port {port} in place of {host}: {controls}, which have nothing "
        "to do with it, greet with the same name ({said!r}). What is seen here is that device. Check from another "
        "network."
    ),
    "taken_alike": (
        "Likely something on our side takes connections to port {port} in place of {host}: those to {controls}, which "
        "have nothing to do with it, stand as well, and nobody speaks there either. What is seen here is that device. "
        "Check from another network."
    ),
    "taken_alike.closed": (
        "Likely something on our side takes connections to port {port} in place of {host}: those to {controls}, which "
        "have nothing to do with it, are closed without a word, too. What is seen here is that device. Check from "
        "another network."
    ),
    "taken_alike.other": (
        "Likely something on our side answers on port {port} in place of {host}: {controls}, which have nothing to do "
        "with it, say the same, which is no SMTP ({said!r}). What is seen here is that device. Check from another "
        "network."
    ),
    "refused_alike": (
        "Likely our side: {controls}, which have nothing to do with {host}, refuse us on port {port} in the same "
        "words ({said!r}). Either something on our network answers in their place, or our address is blocked "
        "everywhere: ask our network, and look the address up in blocklists."
    ),
    # EHLO
    "ehlo_name_rejected": (
        "The server does not accept our EHLO name ({code}): {said!r}. The fault is ours: set PORTERO_EHLO_NAME to "
        "a host name that resolves to the address we connect from."
    ),
    "ehlo_name_rejected.matches": (
        "The server does not accept our EHLO name ({code}): {said!r}. {name} does resolve to {source}, the address "
        "that we connect from, so nothing is to be set here: ask the server's operator what it wants of the name."
    ),
    "ehlo_name_rejected.matches_alone": (
        "The server does not accept our EHLO name ({code}): {said!r}. {name} does resolve to {source}, the address "
        "that we connect from, but reverse DNS of that address is not right: mend that first."
    ),
    "ehlo_name_rejected.elsewhere": (
        "The server does not accept our EHLO name ({code}): {said!r}. The fault is ours: {name} resolves to "
        "{leads_to}, but we connect from {source}. Set PORTERO_EHLO_NAME to a name that resolves to it."
    ),
    "ehlo_name_rejected.resolves": (
        "The server does not accept our EHLO name ({code}): {said!r}. {name} resolves to {leads_to}: if servers see us "
        "come from there, ask the server's operator what it wants; if not, set PORTERO_EHLO_NAME to a name that does."
    ),
    "ehlo_name_rejected.absent": (
        "The server does not accept our EHLO name ({code}): {said!r}. The fault is ours: {name} does not resolve. Set "
        "PORTERO_EHLO_NAME to a host name that resolves to the address we connect from."
    ),
    "ehlo_name_rejected.unknown": (
        "The server does not accept our EHLO name ({code}): {said!r}. Whether {name} resolves to the address we "
        "connect from is not known: DNS did not answer. If it does not, set PORTERO_EHLO_NAME to a name that does."
    ),
    "ehlo_not_understood": "The server understands neither EHLO nor HELO ({code}): {said!r}.",
    "ehlo_not_understood.unseen": (
        "The server does not know EHLO ({code}): {said!r}. What it makes of HELO was not seen."
    ),
    "no_ehlo_reply": "The server greeted us on port {port} and then did not answer EHLO within {waited} s.",
    "no_ehlo_reply.inside_tls": (
        "The server greeted us on port {port} and then did not answer EHLO inside TLS within {waited} s."
    ),
    "no_ehlo_reply.closed": (
        "The server greeted us on port {port} and then closed the connection instead of answering EHLO. Most often a "
        "service that it needs there has failed (a filter, the login service), or a rule drops our address. Ask its "
        "operator: the mail log tells which."
    ),
    "no_ehlo_reply.closed_inside_tls": (
        "The server greeted us on port {port} and then closed the connection instead of answering EHLO inside TLS. "
        "Most often the login service (SASL) behind it is down, or its process died. Ask its operator: the mail log "
        "tells which."
    ),
    "no_ehlo_reply.reset": (
        "The server greeted us on port {port}, and then the connection was reset instead of answering EHLO, by the "
        "server or on the way. If by the server, most often a service that it needs there has failed (a filter, the "
        "login service), or a rule drops our address. Ask its operator: the mail log tells."
    ),
    "no_ehlo_reply.reset_inside_tls": (
        "The server greeted us on port {port}, and then the connection was reset instead of answering EHLO inside TLS, "
        "by the server or on the way. If by the server, most often the login service (SASL) behind it is down, or its "
        "process died. Ask its operator: the mail log tells."
    ),
    "no_ehlo_reply.early": (
        "The server greeted us on port {port} and ended the connection before it answered EHLO: it took something else "
        "for our commands."
    ),
    "ehlo_awaited": (
        "Some servers make strangers wait longer at EHLO, on purpose or for a look-up of our name: add deep, which "
        "waits up to 35 s for each reply and takes up to 2 min in all."
    ),
    "tls_required.greeting": (
        "The server wants TLS before it greets ({code}): {said!r}. STARTTLS can only be sent behind a greeting and "
        "EHLO (RFC 3207 section 4), so no client gets in like this."
    ),
    "tls_required": (
        "The server refuses EHLO until TLS is up ({code}): {said!r}. RFC 3207 section 4 wants EHLO answered; "
        "clients that ask for the extensions first cannot connect."
    ),
    "exchange_hint": "This looks like Microsoft Exchange: NTLM and GSSAPI are logins for members of its domain.",
    "legacy_helo_only": (
        "The server refuses EHLO and takes HELO, which knows no extensions: neither STARTTLS nor login is possible. It "
        "is very old, set like that, or hidden behind a firewall that inspects SMTP."
    ),
    "protocol_violation": (
        "Port {port} sent a reply before it was asked ({said!r}), so every later reply may answer the question before, "
        "and nothing is said of what it offers. After a refusal the usual cause is a proxy that sends a PROXY header "
        "to a server that expects none: set both alike."
    ),
    "auth_before_tls": (
        "Login ({mechanisms}) is advertised before TLS on port {port}: a client may send its password in the "
        "clear. Offer AUTH only after STARTTLS."
    ),
    "auth_before_tls.token": (
        "Login ({mechanisms}) is advertised before TLS on port {port}: a client may send its token, which opens the "
        "account while it lasts, in the clear. Offer AUTH only after STARTTLS."
    ),
    "auth_before_tls.both": (
        "Login ({mechanisms}) is advertised before TLS on port {port}: a client may send its password or token in the "
        "clear. Offer AUTH only after STARTTLS."
    ),
    "login_before_tls": (
        "Login ({mechanisms}) is advertised before TLS on port {port}; not all of that is known here. Offer AUTH only "
        "after STARTTLS."
    ),
    "login_before_tls.challenge": (
        "Login ({mechanisms}) is advertised before TLS on port {port}. It does not send the password itself, but "
        "without TLS the mail behind it can be read and changed. Offer AUTH only after STARTTLS."
    ),
    "login_before_tls.external": (
        "Login by EXTERNAL is advertised before TLS on port {port}. It sends no password; the identity comes from "
        "elsewhere, most often the client's certificate, which is shown only in TLS. Offer AUTH only after STARTTLS."
    ),
    "login_before_tls.guessed": "Whoever records such a login can try passwords against it.",
    "external_login_only": (
        "Port {port} offers login by EXTERNAL alone: nobody can log in with a password. A client needs another "
        "identity that the server knows, most often a certificate."
    ),
    "auth_not_offered": (
        "Port {port} offers us no login after TLS. Unless it does to others, at most clients that are let in by their "
        "address submit mail here."
    ),
    "size_too_small": (
        "Port {port} takes messages of at most {octets} octets (SIZE): ordinary mail with an attachment does not fit."
    ),
    "starttls_after_tls": "STARTTLS is still advertised inside TLS (RFC 3207 section 4.2 forbids it).",
    "proxy_commands_offered": (
        "The server lists {commands} to us: if it obeys (that was not tried), whoever it lists it to can forge the "
        "client address. Offer it to your own proxies alone; to whom else it does is not seen from here."
    ),
    "xforward_offered": (
        "The server lists XFORWARD to us: who may use it decides what the server's log and filters are "
        "told of the client, though not who gets in. Offer it to your own filters alone."
    ),
    "refused_later": (
        "Port {port} lists nothing but ENHANCEDSTATUSCODES to us. Most often Postfix or sendmail does so because a "
        "filter (milter) or a rule has refused the client already: mail is refused then. What others see is not known."
    ),
    "refused_later.rblsmtpd": (
        "Port {port} greets as rblsmtpd.local, which stands before a mail server and speaks to clients alone that are "
        "on a blocklist: it refuses whatever mail we send, and names the list then. Look our address up in blocklists."
    ),
    "refused_later.spamd": (
        "Port {port} greets as OpenBSD's spamd, which speaks to clients in the mail server's place that are on a "
        "blocklist or not known yet: it takes no mail. Strangers that come again get through; listed ones do not."
    ),
    # STARTTLS and TLS
    "starttls_not_offered": "Port {port} offers no STARTTLS to us: everything would cross in the clear.",
    "starttls_masked": (
        "Something between us and the server overwrites STARTTLS in the EHLO reply (Cisco inspection does that). "
        "Allow TLS on that firewall or switch its SMTP inspection off."
    ),
    "starttls_broken_temp": (
        "STARTTLS is advertised, and then the server says that it cannot ({said}). Most often its certificate or key "
        "cannot be read, or a program that does TLS for it (tlsproxy of Postfix) does not run; its mail log tells."
    ),
    "starttls_broken_temp.unnamed": (
        "STARTTLS is advertised, and then the server says that it cannot now ({said}), and not why: its certificate or "
        "key cannot be read, or a service that it needs does not answer. Its mail log tells."
    ),
    "starttls_intercepted": (
        "STARTTLS is advertised but then answered with {said!r}: a device in between intercepts it, or the server "
        "is broken."
    ),
    "starttls_refused": (
        "STARTTLS is advertised on port {port}, and then the server refuses it ({said}): clients that require TLS "
        "fail. Its operator knows why, and whether that meets everybody."
    ),
    "response_injection": (
        "Plain text stood behind the reply to STARTTLS: {said!r}. Somebody in between may inject replies (RFC "
        "3207 section 4, CVE-2011-0411). Do not log in through this connection."
    ),
    "implicit_tls": (
        "Port {port} speaks TLS from the first byte, where clients expect STARTTLS: clients set to that hang. Set "
        "clients to SSL/TLS on this port, or the listener to STARTTLS."
    ),
    "implicit_tls.relay": (
        "Port {port} speaks TLS from the first byte, where servers that send expect a greeting and then STARTTLS: "
        "they hang, and no mail gets in. Set the listener to STARTTLS."
    ),
    "tls_no_common_cipher": (
        "The TLS handshake on port {port} failed: the server accepts none of the TLS settings that we offer, most "
        "often for want of a common cipher suite, or because it could not load its certificate."
    ),
    "tls_version": "The TLS handshake on port {port} failed: server and client share no protocol version.",
    "tls_wants_certificate": (
        "The server breaks off TLS on port {port} for want of a certificate of the client: only clients that have "
        "one get in. If that is not meant, do not require client certificates here."
    ),
    "tls_wants_certificate.said": (
        "The server wants a certificate of the client on port {port} and says so ({said}): only clients that have one "
        "get in, and asking again changes nothing. If that is not meant, do not require client certificates here."
    ),
    "tls_wants_certificate.relay": (
        "The server breaks off TLS on port {port} for want of a certificate of the client. Whether it takes mail "
        "without TLS was not tried. If that is not meant, do not require client certificates here."
    ),
    "tls_wants_certificate.relay_said": (
        "The server wants a certificate of the client on port {port} and says so ({said}); asking again changes "
        "nothing. Whether it takes mail without TLS was not tried. If that is not meant, do not require client "
        "certificates here."
    ),
    "sni_rejected": (
        "The server refuses TLS on port {port} to clients that name the host in the handshake (SNI): "
        "unrecognized_name, it has no certificate for it."
    ),
    "sni_missing": (
        "On port {port} the server takes TLS only with a host's name in the handshake (SNI), and an address has none "
        "to send: unrecognized_name. Check it by its name to know more."
    ),
    "sni_rejected.unnamed": (
        "To us, without the name, it spoke TLS: mail clients name the host and fail, senders that do not get through."
    ),
    "tls_not_spoken": "After agreeing to TLS on port {port} the server went on in plain text: {said!r}.",
    "tls_closed": "The server closed the connection in the TLS handshake on port {port}.",
    "tls_closed.starttls": "The server closed the connection instead of answering STARTTLS on port {port}.",
    "tls_reset": "The connection was reset in the TLS handshake on port {port}, by the server or on the way.",
    "tls_reset.starttls": (
        "The connection was reset instead of answering STARTTLS on port {port}, by the server or on the way."
    ),
    "tls_timeout": "The TLS handshake on port {port} got no answer.",
    "tls_timeout.starttls": (
        "STARTTLS on port {port} got no answer in the time that we wait. Some servers delay it on purpose: whether TLS "
        "works is unknown."
    ),
    "path_mtu_black_hole.beside": (
        "Most likely large packets of port {port} do not reach us either: its TLS handshake got no answer for {waited} "
        "s, as on port {others}, where small segments helped."
    ),
    "path_mtu_black_hole": (
        "TLS on port {port} got no answer for {waited} s, and with segments of {octets} octets it came about. Likely a "
        "path MTU black hole loses large packets, on our side or theirs: clamp the MSS on the tunnel or router, and "
        "let ICMP type 3 code 4 (ICMPv6 type 2) through. Else one of several servers there hangs."
    ),
    "tls_failed": "The TLS handshake on port {port} failed ({said}), so the port is of no use to clients.",
    "tls_failed.internal_error": (
        "The server broke off the TLS handshake on port {port} with an error of its own, not of the client's "
        "(internal_error, RFC 8446 section 6.2). Most often it cannot use its key or certificate; its mail log tells."
    ),
    "legacy_tls": (
        "The newest TLS that the server speaks is {version:tls_version}: RFC 8996 forbids it, and many clients refuse."
    ),
    "tls_weak_cipher": (
        "Port {port} agreed on {cipher}, which is broken or encrypts nothing worth the name: switch it off."
    ),
    "tls_no_forward_secrecy": (
        "Port {port} agreed on {cipher}, which has no forward secrecy, although we offered better: who gets the "
        "server's key can read what was recorded. Offer ECDHE suites."
    ),
    "tls_small_dh": (
        "Port {port} uses Diffie-Hellman parameters of {bits} bits: replace them (2048 or more), or offer ECDHE alone. "
        "Debian and Ubuntu refuse them (`dh key too small`)."
    ),
    "tls_broken_suites": (
        "Port {port} accepts cipher suites that are broken or encrypt nothing worth the name ({suites}) from whoever "
        "offers nothing better: switch them off."
    ),
    "tls_anonymous_suites": (
        "Port {port} accepts suites without a certificate ({suite}): whoever is in between can read along where a "
        "client offers them. Postfix does so unless `smtpd_tls_exclude_ciphers = aNULL`."
    ),
    "tls_static_suites": (
        "Port {port} also accepts suites without forward secrecy ({suite}) from clients that offer nothing better."
    ),
    "ocsp_staple_missing": (
        "The certificate demands a stapled OCSP reply (must-staple), and port {port} sent none with TLS 1.2: clients "
        "that look refuse it. Staple one, or get a certificate without that demand."
    ),
    "same_broken_tls": (
        "Port {port} ends each connection at once, while STARTTLS is offered and then refused on {others} of the same "
        "address ({said}). One cause is likely: the server cannot load its certificate or key."
    ),
    # the certificate
    "cert_expired": (
        "The certificate expired {days:days} ago: renew it. Clients that verify by authority refuse this server."
    ),
    "cert_not_yet_valid": "The certificate is not valid yet: check the clock of the machine that issued it.",
    "cert_self_signed": "The certificate is self-signed: clients that verify by authority refuse this server.",
    "cert_untrusted": "The certificate was issued by an authority that is not publicly trusted.",
    "cert_untrusted.root": "The certificate was issued by an authority that is not publicly trusted ({root}).",
    "cert_untrusted.unlinked": (
        "The certificate was issued by {missing}, which is no trusted authority, and nothing that the server "
        "sends links it to one: it is a private one, or the intermediate certificate is missing."
    ),
    "cert_invalid": (
        "The certificate bears the name of a trusted authority and yet does not verify: {detail}. Clients that "
        "verify by authority refuse this server."
    ),
    "cert_chain_incomplete": (
        "The server does not send its intermediate certificate: many clients cannot verify it. Put it behind the "
        "server's own in the certificate file."
    ),
    "cert_chain_incomplete.named": (
        "The server does not send its intermediate certificate ({missing}): many clients cannot verify it. Put it "
        "behind the server's own in the certificate file."
    ),
    "cert_chain_expired": "An intermediate certificate in the chain has expired ({certificate}): replace it.",
    "cert_chain_not_yet_valid": (
        "An intermediate certificate in the chain is not valid yet ({certificate}): check the clock of the machine "
        "that issued it."
    ),
    "cert_name_mismatch": (
        "The certificate is for {names:names}, not for {host}: clients that verify names refuse this server."
    ),
    "cert_name_mismatch.as_name": (
        "The certificate holds {host} as a DNS name. Clients look for an address among its IP addresses (RFC 9525 "
        "section 6.5), and refuse this server: have it issued anew with an iPAddress entry."
    ),
    "cert_name_mismatch.address": "Connect by name: {names:names}, if that leads to this host.",
    "cert_no_san": "The certificate names no host; clients have ignored that for years.",
    "cert_no_san.other": (
        "The certificate names only {common_name}, and only in the subject; clients have ignored that for years."
    ),
    "cert_no_san.own": (
        "The certificate names its host only in the subject, where many clients do not look (RFC 9525); those on "
        "OpenSSL may take it. Have it issued anew, with the name as subjectAltName."
    ),
    "cert_weak_key": "The certificate's key is weak ({key}): replace it.",
    "cert_weak_signature": "The certificate is signed with a broken algorithm ({signature}).",
    "cert_expires_soon": "The certificate ends in {days:days}: renew it now.",
    "cert_expires_in_weeks": "The certificate ends in {days:days}.",
    "cert_unparsable": "The server's certificate cannot be parsed.",
    "cert_chain_order": (
        "The certificates behind the server's own are not sent in their order: most clients sort them, old ones "
        "refuse. Put its issuer first, then the issuer's."
    ),
    "cert_root_sent": (
        "The server also sends the root ({root}): who trusts it has it already. It does no harm; a TLSA record that "
        "names the root (usage 2) needs it there."
    ),
    "cert_expired_sent": (
        "The server also sends a certificate that has expired ({certificate}, valid until {ends:ends}) and that nobody "
        "needs: old software (OpenSSL 1.0.2, LibreSSL 3.1) follows it and refuses. Take it out of the chain."
    ),
    "cert_rare_key": (
        "The certificate has a key of {key}, which many clients do not know (Windows and Google's BoringSSL among "
        "them). Whether they are shown another one was not seen: keep one of RSA or EC P-256 beside it."
    ),
    "cert_only_rare_key": (
        "Port {port} has only a certificate with a key of {key}: it refused TLS to a client that does not know this "
        "kind of key, as many do not (Windows and Google's BoringSSL among them). Put one of RSA or EC P-256 beside it."
    ),
    "cert_other_key": (
        "Beside its certificate of {own} port {port} has another one ({key}, for {names:names}, valid until "
        "{ends:ends}), and {why:reason}. Clients that do not take {own} get that one, and refuse it if they verify: "
        "replace it, too."
    ),
    # DNS
    "dns_nxdomain": "{name} does not exist in DNS: check the spelling.",
    "dns_nxdomain.alias": (
        "{name} is an alias (CNAME) of {alias_of}, which does not exist in DNS: the alias leads nowhere. Mend the "
        "record of {name}, or make {alias_of} again."
    ),
    "dns_no_data.alias": (
        "{name} is an alias (CNAME) of {alias_of}, which has no address and no MX record: nothing can be delivered "
        "there."
    ),
    "dns_no_data": "{name} has neither an address nor an MX record in DNS: nothing can be delivered there.",
    "dns_servfail": "{name} could not be looked up: no name server could be reached. Check PORTERO_NAMESERVERS.",
    "dns_servfail.servfail": (
        "{name} could not be looked up: its name servers fail (SERVFAIL), because of broken DNSSEC or because "
        "they are down."
    ),
    "dns_servfail.servfail_type": (
        "{name} could not be looked up: its name servers fail (SERVFAIL for {type}), because of broken DNSSEC or "
        "because they are down."
    ),
    "dns_servfail.refused": (
        "{name} could not be looked up: our name server refuses the question (REFUSED). Check PORTERO_NAMESERVERS."
    ),
    "dns_servfail.refused_type": (
        "{name} could not be looked up: our name server refuses the question (REFUSED for {type}). Check "
        "PORTERO_NAMESERVERS."
    ),
    "dns_servfail.referral": (
        "{name} could not be looked up: our name server only refers to others. Either it is no resolver (check "
        "PORTERO_NAMESERVERS), or the servers to which the domain is delegated do not serve it."
    ),
    "dns_servfail.bogus": (
        "{name} could not be looked up: its DNSSEC signatures do not verify (out of date, or of other keys than "
        "the DS record names). Resolvers that validate refuse it, others get an answer. Sign the zone anew, and "
        "compare the DS record at the registrar."
    ),
    "dns_servfail.expired": (
        "{name} could not be looked up: its DNSSEC signatures have expired, so resolvers that validate refuse it; "
        "others still get an answer. Sign the zone anew, and look why its signer stopped."
    ),
    "dns_servfail.dead": (
        "{name} could not be looked up: its name servers fail (SERVFAIL for {type}), and with DNSSEC left aside "
        "they do, too. Most often they are down or do not serve the zone."
    ),
    "dns_servfail.blocked": (
        "{name} could not be looked up: our name server withholds the answer on purpose (RFC 8914). Ask whoever "
        "runs it, or name another in PORTERO_NAMESERVERS."
    ),
    "dns_servfail.rcode": "{name} could not be looked up: our name server answers {rcode}.",
    "dns_servfail.rcode_type": "{name} could not be looked up: our name server answers {rcode} for {type}.",
    "dns_timeout": "DNS did not answer for {name}: try again, or check PORTERO_NAMESERVERS.",
    "dns_servfail.family": (
        "{name} has no {absent:family} address, and whether it has {type:family} addresses is not known: {how:reason}."
    ),
    "dns_servfail.mail": (
        "Where mail for {name} goes is not known, for its MX records could not be looked up: {how:reason}. Senders "
        "hold it back until that look-up is answered, whatever address {name} has itself (RFC 5321 section 5.1)."
    ),
    "dns_family_failed": (
        "The IPv6 look-up (AAAA) of {host} failed, that for IPv4 did not: {how:reason}. Some senders and clients then "
        "wait, or put mail off (RFC 4074): its name servers have to answer for AAAA, too, if only that there is none."
    ),
    "dns_family_failed.four": (
        "The IPv4 look-up (A) of {host} failed, that for IPv6 did not: {how:reason}. Who has no IPv6 does not reach it "
        "while that lasts."
    ),
    "dns_contradicts": (
        "{host} has records in DNS ({known}), and yet the answer for {types} is that there is no such name (NXDOMAIN). "
        "One of the two: its name servers have to answer that there is no such record (RFC 4074 section 4.2), or our "
        "resolver makes up addresses for names that do not exist."
    ),
    "address_unusable": (
        "{host} has {kind:address_kind} in DNS, which no other machine reaches: who is sent there loses time or "
        "gives up. Take the record out."
    ),
    "address_unusable.mapped": (
        "An AAAA record of {host} holds an IPv4 address written as IPv6 (::ffff:0:0/96): over IPv6 nobody gets "
        "there (RFC 4291 section 2.5.5.2). Put the IPv4 address into an A record, and take this one out."
    ),
    "mx_unknown": (
        "{name} was taken for a host, for it has an address. Whether it has MX records is not known: {how:reason}. If "
        "it is a mail domain, senders hold mail for it back until that look-up is answered (RFC 5321 section 5.1)."
    ),
    "dns_loop": "The aliases (CNAME) of {name} lead in a circle or on and on: nothing can be delivered there.",
    "null_mx": "{name} declares that it receives no mail (null MX, RFC 7505): do not send there.",
    "implicit_mx": "{name} has no MX record; senders deliver to its address record (RFC 5321 section 5.1).",
    "mixed_null_mx": "{name} has a null MX beside real ones, which RFC 7505 forbids; senders may bounce its mail.",
    "mx_is_cname": "The MX {host} is an alias (CNAME), which RFC 2181 section 10.3 forbids; some senders refuse it.",
    "mx_is_address": "The MX {host} is an address, not a name: no sender can use it.",
    "mx_underscore": (
        "The MX {host} has an underscore, which no host name may have (RFC 1123 section 2.1): some senders refuse it."
    ),
    "mx_ipv6_only": "The MX {host} has IPv6 addresses alone: senders without IPv6 do not reach it.",
    "mx_is_localhost": (
        "The MX {host} names every sender's own machine: mail comes back to whoever sends it. A domain that takes no "
        "mail says so with the one record `MX 0 .` (RFC 7505)."
    ),
    "mx_bad_name": "The MX {host} is not a host name: no sender can use it.",
    "dns_invented": (
        "Our name server makes answers up, as captive portals do: {host}, a name that cannot exist, has the address "
        "{addresses} there. So whether {name} exists, and where, is not known from here: log in to the network, or "
        "set PORTERO_NAMESERVERS."
    ),
    "address_invented": (
        "Nobody spoke SMTP at {address}, and the name server here makes addresses up: whether the host has this one is "
        "not known."
    ),
    "mx_nxdomain": "The MX {host} does not exist in DNS.",
    "mx_nxdomain.alias": "The MX {host} is an alias (CNAME) of {alias_of}, which does not exist in DNS.",
    "mx_no_address.alias": "The MX {host} is an alias (CNAME) of {alias_of}, which has no address.",
    "mx_no_address": "The MX {host} has no address.",
    "mx_servfail": (
        "The MX {host} could not be looked up: no name server could be reached. Check PORTERO_NAMESERVERS."
    ),
    "mx_servfail.servfail": (
        "The MX {host} could not be looked up: its name servers fail (SERVFAIL), because of broken DNSSEC or "
        "because they are down."
    ),
    "mx_servfail.servfail_type": (
        "The MX {host} could not be looked up: its name servers fail (SERVFAIL for {type}), because of broken "
        "DNSSEC or because they are down."
    ),
    "mx_servfail.refused": (
        "The MX {host} could not be looked up: our name server refuses the question (REFUSED). Check "
        "PORTERO_NAMESERVERS."
    ),
    "mx_servfail.refused_type": (
        "The MX {host} could not be looked up: our name server refuses the question (REFUSED for {type}). Check "
        "PORTERO_NAMESERVERS."
    ),
    "mx_servfail.referral": (
        "The MX {host} could not be looked up: our name server only refers to others. Either it is no resolver (check "
        "PORTERO_NAMESERVERS), or the servers to which the domain is delegated do not serve it."
    ),
    "mx_servfail.bogus": (
        "The MX {host} could not be looked up: its DNSSEC signatures do not verify (out of date, or of other keys "
        "than the DS record names). Resolvers that validate refuse it, others get an answer. Sign the zone anew, "
        "and compare the DS record at the registrar."
    ),
    "mx_servfail.expired": (
        "The MX {host} could not be looked up: its DNSSEC signatures have expired, so resolvers that validate "
        "refuse it; others still get an answer. Sign the zone anew, and look why its signer stopped."
    ),
    "mx_servfail.dead": (
        "The MX {host} could not be looked up: its name servers fail (SERVFAIL for {type}), and with DNSSEC left "
        "aside they do, too. Most often they are down or do not serve the zone."
    ),
    "mx_servfail.blocked": (
        "The MX {host} could not be looked up: our name server withholds the answer on purpose (RFC 8914). Ask "
        "whoever runs it, or name another in PORTERO_NAMESERVERS."
    ),
    "mx_servfail.family": (
        "The MX {host} has no {absent:family} address, and whether it has {type:family} addresses is not known: "
        "{how:reason}."
    ),
    "mx_servfail.rcode": "The MX {host} could not be looked up: our name server answers {rcode}.",
    "mx_servfail.rcode_type": "The MX {host} could not be looked up: our name server answers {rcode} for {type}.",
    "mx_loop": "The aliases (CNAME) of the MX {host} lead in a circle or on and on: no sender gets there.",
    "mx_timeout": "DNS did not answer for the MX {host}.",
    "mx_not_probed": (
        "Not probed, because one check makes at most {limit} connections: {hosts:names}. Check by name what matters to "
        "you."
    ),
    "too_many_addresses": (
        "{name} has {count} addresses; only {limit} of them were looked at. Check the others by their addresses."
    ),
    "too_many_mx": "{name} has more than ten MX records; only the first ten were looked at.",
    # MX, reverse DNS, SRV
    "mx_first_silent": (
        "The first MX of {name} ({host}) takes no connections of ours on port 25, while {other} answers: an outage, "
        "nolisting (on purpose, against spam), or something on the way from here. They look the same; senders that try "
        "the next MX deliver."
    ),
    "mx_idle": (
        "The MX {host} took no connection on port 25, while {other} answers: senders that choose it first lose "
        "time, and some give up. Bring it back, or take it out of the MX records of {name}."
    ),
    "ptr_confirmed": "{address} is {ptr} in reverse DNS, and that name leads back to it.",
    "ptr_missing": (
        "{address} has no name in reverse DNS. That matters when this server also sends: many receivers refuse it "
        "then; ask whoever owns the address for a PTR record."
    ),
    "ptr_not_confirmed": (
        "{address} is {ptr} in reverse DNS, but that name did not lead back to it when asked. If this server also "
        "sends, make both agree."
    ),
    "ptr_unknown": "The reverse DNS of {address} could not be looked up: it is unknown.",
    "banner_not_ptr": (
        "The greeting says {banner} while reverse DNS says {ptr}. That is common and harmless for receiving; for "
        "sending let both say the same."
    ),
    "srv_offered": "{name} announces {service} in DNS (SRV): {where}. Clients that look for it try that.",
    "srv_offered.untried": (
        "{name} announces {service} in DNS (SRV): {where}. Clients that look for it try that; this check did not."
    ),
    "srv_odd_port": (
        "{name} announces {service} in DNS (SRV) at {where}, a port that is not for it: _submission begins in plain "
        "text (587), _submissions with TLS (465). Clients that keep to it fail."
    ),
    "srv_unusable": (
        "{name} announces {service} in DNS (SRV) at {where}, where we found no service that a client can use: see that "
        "port. Mend it, or the record, unless the cause is on our side."
    ),
    "srv_denied": '{name} says in DNS (SRV, target ".") that it offers no {service}.',
    "srv_no_host": (
        "{name} announces {service} in DNS (SRV) at {where}, which has no address in DNS: clients that look for it "
        "reach nothing there. Mend the record, or the name."
    ),
    "srv_host_unknown": "{name} announces {service} in DNS (SRV) at {where}, for which DNS gave no answer.",
    "srv_unknown": "DNS did not say whether {name} announces {service}: it is unknown.",
    # DANE
    "dane_valid": (
        "DANE holds: the certificate of {host}:{port} matches TLSA {record} (DNSSEC validated by {resolver})."
    ),
    "dane_valid.key": "Keep the key at renewals, or publish the record of the next one well before the change.",
    "dane_mismatch": (
        "Senders with DANE do not deliver to {host}:{port}: none of its TLSA records holds (DNSSEC validated by "
        "{resolver}). If another network is shown another certificate, somebody intercepts TLS on our side: publish "
        "nothing then."
    ),
    "dane_no_tls": (
        "Senders with DANE do not deliver to {host}:{port}: DANE promises TLS (DNSSEC validated by {resolver}), but "
        "the server offers none to us. Somebody strips STARTTLS on the way, or it is seriously misconfigured: compare "
        "from another network at once."
    ),
    "dane_tls_failed": (
        "DANE promises TLS on {host}:{port} (DNSSEC validated by {resolver}), and TLS came to nothing from here "
        "({tls:tls_state}): where it fails for other senders, too, those with DANE do not deliver."
    ),
    "dane_unusable": (
        "The TLSA records of {host}:{port} are of no use for mail: senders with DANE require TLS and verify nothing. "
        "Publish 3 1 1."
    ),
    "dane_some_unusable": "{unusable} of {count} TLSA records of {host}:{port} are of no use for mail: remove them.",
    "dane_every_renewal": (
        "TLSA {record} of {host}:{port} is of the whole certificate, so the next renewal breaks it, and senders with "
        "DANE stop delivering. Publish {wanted} (of the key) beside it, keep that key at renewals, and then remove it."
    ),
    "dane_record": "One of the {count} TLSA records of {host}:{port} does not hold.",
    # why a record does not hold
    "dane_record.other": (
        "Nothing that the server shows matches TLSA {record}: its key was changed, or the record is old. Publish "
        "{wanted}, or put the old key back. From then on keep the key at renewals, or publish the record of the next "
        "one well before the change (RFC 7671 section 8.1)."
    ),
    "dane_record.stale": (
        "Nothing that the server shows matches TLSA {record}: it is stale, or was published ahead for the next key. "
        "Remove it, unless a change is due."
    ),
    "dane_record.usage": "Usages 0 and 1 are not for mail (RFC 7672 section 3.1.3): TLSA {record}.",
    "dane_record.field": "Nobody knows what a field of TLSA {record} means (RFC 7672 section 3.1.3).",
    "dane_record.length": (
        "TLSA {record} has {detail} octets, which no digest of its kind has: a SHA-256 has 32, a SHA-512 has 64."
    ),
    "dane_record.whole": (
        "TLSA {record} holds the digest of the whole certificate where its selector, 1, says that of the key. Publish "
        "{wanted}."
    ),
    "dane_record.key": (
        "TLSA {record} holds the digest of the key where its selector, 0, says that of the whole certificate. Publish "
        "{wanted}."
    ),
    "dane_record.leaf": (
        "TLSA {record} is of the server's own certificate where its usage, 2, says that of an authority. Publish "
        "{wanted}."
    ),
    "dane_record.authority": (
        "TLSA {record} is of the authority {detail!r} where its usage, 3, says the server's own certificate. Publish "
        "{wanted}."
    ),
    "dane_record.out_of_date": (
        "TLSA {record} names an authority that is there, but the server's certificate is out of date (valid {detail}), "
        "and with usage 2 that counts. Renew it."
    ),
    "dane_record.link_out_of_date": (
        "TLSA {record} names an authority that is there, but a certificate on the way to it is out of date ({detail}), "
        "and with usage 2 that counts. Send the current one."
    ),
    "dane_record.name": (
        "TLSA {record} names an authority that is there, but the certificate is for another name ({detail}), and with "
        "usage 2 that counts. Get one for the name of the MX host, or publish {wanted}."
    ),
    "dane_record.no_path": (
        "TLSA {record} names an authority that is there, but no valid path leads from the server's certificate to it "
        "({detail!r}). Mend the chain, or publish {wanted}."
    ),
    "dane_record.root_not_sent": (
        "TLSA {record} names the root {detail!r}, which the server does not send, and with usage 2 it has to (RFC 7672 "
        "section 3.1.2). Append it to the chain, or publish {wanted}."
    ),
    "dane_record.issuer_not_sent": (
        "Nothing that the server shows matches TLSA {record}. If it names {detail!r}, which issued the last "
        "certificate that is sent, then that one has to be sent, too (RFC 7672 section 3.1.2); else publish {wanted}."
    ),
    "dane_record.address": "That is about its address {address}; another one comes to something else.",
    "dane_unseen": (
        "{host}:{port} has TLSA records (DNSSEC validated by {resolver}), but no TLS handshake came about to "
        "compare them with: whether they match is unknown."
    ),
    "dane_unsigned": (
        "{host}:{port} has TLSA records, but their zone is not signed, so senders ignore them ({resolver} validates "
        "DNSSEC, and these are without). Sign the zone, or remove the records."
    ),
    "dane_unsigned.signed": (
        "{host}:{port} has TLSA records, and their zone is signed, but not for {resolver}, which validates DNSSEC, and "
        "so not for senders. Most likely the zone above it has no DS record for it, or one of an algorithm that is not "
        "validated: publish one there."
    ),
    "dane_unvalidated": (
        "{host}:{port} has TLSA records, but nothing that {resolver} answered was validated, not even for the root "
        "zone, which is signed: it does not validate, so nothing is known of them. Without DNSSEC TLSA is ignored. Let "
        "PORTERO_NAMESERVERS name a validating resolver to know."
    ),
    "dane_untrusted": (
        "{resolver} says that the TLSA records of {host}:{port} are signed, but its word came over a network "
        "where anybody could have changed it: not relied on. Run a validating resolver on this machine to know, "
        "or set PORTERO_TRUST_AD where nobody can tamper with the way to {resolver}."
    ),
    "dane_mx_unsigned": (
        "The TLSA records of {host}:{port} are signed (validated by {resolver}), but the MX records that lead "
        "there do not validate, so senders do not rely on DANE. Sign the domain, too, with a DS record in the zone "
        "above it."
    ),
    "dane_address_unsigned": (
        "The TLSA records of {host}:{port} are signed (validated by {resolver}), but the address of {host} "
        "does not validate, so senders do not rely on DANE (RFC 7672 section 2.2). Sign its zone, too, also behind an "
        "alias, with a DS record in the zone above."
    ),
    "dane_unanswered": (
        "DNS fails for the TLSA records of {host}:{port}, and the zone is signed (validated by {resolver}): if it does "
        "for others, too, senders with DANE hold mail back (RFC 7672 section 2.1.1). Either its name servers do not "
        "answer for TLSA, or the signature of their answer is not valid (`dig +cd` gets it then)."
    ),
    "dane_unknown": (
        "Whether DANE protects {host}:{port} is unknown: {why:reason}. If the zone is signed, senders with DANE "
        "wait until it works."
    ),
    "dane_unknown.no_reason": (
        "Whether DANE protects {host}:{port} is unknown, and so is the reason. If the zone is signed, senders "
        "with DANE wait until it works."
    ),
    # MTA-STS
    "mta_sts_enforce": (
        "MTA-STS is enforced for {days:days}: senders that honour it deliver only with verified TLS to {mx}."
    ),
    "mta_sts_testing": "MTA-STS is in testing: senders report failures and deliver all the same.",
    "mta_sts_none": "MTA-STS is switched off by its own policy (mode none).",
    "mta_sts_unknown": "Whether {name} has MTA-STS is unknown: {why:reason}.",
    "mta_sts_unknown.no_reason": "Whether {name} has MTA-STS is unknown, and so is the reason.",
    "mta_sts_many_records": (
        "{name} has several MTA-STS records; senders then act as if there were none (RFC 8461 section 3.1). Keep one."
    ),
    "mta_sts_bad_record": "The MTA-STS record of {name} has no valid id, so senders ignore it: {detail!r}.",
    "mta_sts_no_host": (
        "{name} announces MTA-STS, but {host} has no address, so no sender can fetch the policy. Add the address, "
        "or remove the record."
    ),
    "mta_sts_host_unknown": "DNS did not answer for {host}, so the MTA-STS policy of {name} is unknown.",
    "mta_sts_forbidden": (
        "{host} leads to an address that is not public, so the MTA-STS policy of {name} was not fetched; nor can "
        "senders outside, unless DNS gives them another address (split DNS)."
    ),
    "mta_sts_denied": (
        "{host} is left alone here (PORTERO_DENY_HOSTS), so the MTA-STS policy of {name} is unknown: it was not "
        "fetched."
    ),
    "mta_sts_unreachable": (
        "{host} could not be reached on port 443 from here ({why:reason}), so the MTA-STS policy of {name} is "
        "unknown. Try from another network before you blame either side."
    ),
    "mta_sts_timeout": "{host} did not send the MTA-STS policy in time: it is unknown. Try again.",
    "mta_sts_closed": "{host} closed the connection before the MTA-STS policy was there: it is unknown. Try again.",
    "mta_sts_tls": (
        "TLS with {host} failed ({detail}), so the MTA-STS policy could not be fetched, nor by senders who "
        "meet the same. A portal or an inspecting firewall on our side looks alike."
    ),
    "mta_sts_certificate": (
        "The certificate of {host} does not verify ({why:reason}): senders who are shown it must ignore the MTA-STS "
        "policy. Renew it for exactly that name, unless somebody on our side intercepts TLS."
    ),
    "mta_sts_malformed": "What {host} sent for the MTA-STS policy is no HTTP response: {detail!r}.",
    "mta_sts_too_large": "The MTA-STS policy at {host} is larger than 64 KiB: senders may ignore it.",
    "mta_sts_redirect": (
        "{host} redirects the MTA-STS policy ({detail}), which senders must not follow (RFC 8461 section 3.3). "
        "Serve it there itself."
    ),
    "mta_sts_status": "{host} answers {detail} for the MTA-STS policy, so senders have none. Serve the file.",
    "mta_sts_content_type": (
        "{host} serves the MTA-STS policy as {detail!r} where text/plain is asked for (RFC 8461 section 3.2); "
        "some senders ignore it then."
    ),
    "mta_sts_bad_policy": (
        "The MTA-STS policy at {host} breaks the rules in {why:reason} (RFC 8461 section 3.2), so senders ignore it."
    ),
    "mta_sts_mx_excluded": (
        "Senders that honour MTA-STS do not deliver to {host}: the enforced policy of {name} does not list this MX. "
        "Add it to the policy and change the record's id."
    ),
    "mta_sts_mx_unlisted": (
        "The MX {host} is not in the MTA-STS policy of {name}, which is in testing: add it before enforcing."
    ),
    "mta_sts_short_max_age": (
        "The MTA-STS policy of {name} lasts {seconds} s; RFC 8461 speaks of weeks. So short it protects little."
    ),
    "mta_sts_no_starttls": (
        "Senders that honour MTA-STS do not deliver to {host}:{port}: the policy of {name} promises TLS, but the "
        "server offers none to us. Somebody strips STARTTLS on the way, or it is seriously misconfigured: compare from "
        "another network at once."
    ),
    "mta_sts_tls_failed": (
        "The MTA-STS policy of {name} promises TLS on {host}:{port}, and TLS came to nothing from here "
        "({tls:tls_state}): where it fails for other senders, too, those that honour MTA-STS do not deliver."
    ),
    "mta_sts_mx_certificate": (
        "Senders that honour MTA-STS do not deliver to {host}:{port}: the policy of {name} promises a certificate that "
        "verifies, and this one does not ({why:reason}). It is misconfigured, or somebody intercepts TLS on the way."
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
    # what only a deep check finds
    "old_tls_accepted": (
        "Port {port} still accepts {versions:tls_versions}, which RFC 8996 forbids. Clients that can do "
        "better get better; switch it off once none is left that needs it."
    ),
    "hidden_starttls": (
        "Port {port} accepts STARTTLS ({version}) without announcing it: clients look for the announcement and "
        "send in the clear. Either the server hides it on purpose, or something on the way removes it from the "
        "EHLO reply."
    ),
    "starttls_flapping": (
        "Port {port} announced STARTTLS in {offers} of {looks} connections: servers behind one address differ, or "
        "something on the way interferes. Clients that require TLS fail now and then, the others send in the "
        "clear."
    ),
    "tls_flapping": (
        "TLS on port {port} came about in {good} of {tries} handshakes: servers behind one address differ, one is "
        "overloaded, or something on the way interferes. Clients fail now and then."
    ),
    "cert_differs.family": (
        "Port {port} shows another certificate over {family} ({address}): for {names:names}, valid until {ends:ends}."
    ),
    "cert_differs.no_name": (
        "Port {port} shows another certificate to a connection that does not name the host in the handshake "
        "(SNI): for {names:names}, valid until {ends:ends}."
    ),
    "cert_differs": (
        "Port {port} shows another certificate on another connection to the same address: for {names:names}, "
        "valid until {ends:ends}."
    ),
    "family_differs": (
        "Over {family} ({address}) port {port} is another service: {state:state}, TLS {tls:tls_state}. Which of "
        "them a client meets depends on its network."
    ),
    "family_differs.version": (
        "Over {family} ({address}) port {port} is another service: {state:state}, TLS {version:tls_version}. "
        "Which of them a client meets depends on its network."
    ),
    "family_refused": (
        "Over {family} ({address}) port {port} refuses connections from here, although DNS announces the "
        "address: clients that prefer {family} may lose time or fail."
    ),
    "family_silent": (
        "Over {family} ({address}) port {port} did not answer: a firewall of theirs, or {family} does not work "
        "here. Nothing more was asked over {family}."
    ),
    "family_unreachable": "No connection over {family} ({address}) from here: nothing is known of it.",
    "cert_differs.address": (
        "Port {port} shows another certificate at {address} than at the host's other addresses: for {names:names}, "
        "valid until {ends:ends}."
    ),
    "address_down": (
        "One of {of:number} addresses{host:of_host}, {addresses}, does not work from here ({how:apart}): clients that "
        "get that one may fail."
    ),
    "address_down.expired": (
        "One of {of:number} addresses{host:of_host}, {addresses}, is not fit for clients ({how:apart}): those that get "
        "that one may fail."
    ),
    "address_down.several": (
        "{count:Number} of {of:number} addresses{host:of_host}, {addresses}, do not work from here ({how:apart}): "
        "clients that get one of them may fail."
    ),
    "address_down.family": (
        "Over {family} ({addresses}){host:of_host} not everything works from here ({how:apart}): clients that prefer "
        "{family} may lose time or fail there, for DNS announces it."
    ),
    "address_differs": (
        "One of {of:number} addresses{host:of_host}, {addresses}, is not like the others ({how:apart}): what a client "
        "meets depends on the address that it gets."
    ),
    "address_differs.several": (
        "{count:Number} of {of:number} addresses{host:of_host}, {addresses}, are not like the others ({how:apart}): "
        "what a client meets depends on the address that it gets."
    ),
    "address_differs.family": (
        "Over {family} ({addresses}){host:of_host} there is another service than over {other} ({how:apart}): what a "
        "client meets depends on its network."
    ),
    "address_unknown": ("One of {of:number} addresses{host:of_host}, {addresses}, could not be judged ({how:apart})."),
    "address_unknown.several": (
        "{count:Number} of {of:number} addresses{host:of_host}, {addresses}, could not be judged ({how:apart})."
    ),
    "address_unknown.family": (
        "Over {family} ({addresses}){host:of_host} nothing could be judged ({how:apart}): either {family} does not "
        "work there, or not on the way from here."
    ),
    "addresses_not_probed": (
        "{host} has more addresses than one check connects to: not all of its {of:number} were asked on {ports:ports}. "
        "Name the port to ask them all."
    ),
    "deep_cut_short": (
        "The server did not let in a further connection to port {port} ({said}), so the deep check stopped there: "
        "what it did not see is not known."
    ),
    "deep_unfinished": (
        "Not looked at on port {port}, because the connections or the time of one deep check were used up: "
        "{unasked:purposes}. Check this port alone, deep."
    ),
    # beside a refusal
    "own_ptr.missing": "{own}, our address{told:as_told}, has no PTR record: ask whoever gave it to us for one.",
    "own_ptr.confirmed": ("{own}, our address{told:as_told}, is {ptr} in reverse DNS, and that name leads back to it."),
    "own_ptr.not_confirmed": (
        "{own}, our address{told:as_told}, is {ptr} in reverse DNS, but that name does not lead back to it: make both "
        "agree."
    ),
    "own_ptr.confirmed_by_name": (
        "The address that the server sees us come from is not known here. Our EHLO name leads to {own}, which is {ptr} "
        "in reverse DNS, and that leads back to it: if that is the address, the server's DNS sees it otherwise."
    ),
    "own_ptr.missing_by_name": (
        "The address that the server sees us come from is not known here. Our EHLO name leads to {own}, which has no "
        "PTR record: if that is the address, ask whoever gave it to us for one."
    ),
    "own_ptr.not_confirmed_by_name": (
        "The address that the server sees us come from is not known here. Our EHLO name leads to {own}, which is {ptr} "
        "in reverse DNS, and that does not lead back to it: if that is the address, make both agree."
    ),
    "own_ptr.unknown": "What {own}, our address{told:as_told}, is in reverse DNS is not known: DNS did not answer.",
    "look_up_failed_for_now": "Its code is a temporary one: a look-up that failed for now is possible, too.",
    "only_inside_tls": "That came inside TLS alone: before it, EHLO was answered.",
    "final_dot": (
        "Most likely the final dot is missing in the zone file, so that the zone's own name was added: write {meant}. "
        "with the dot at its end."
    ),
    "only_reported": "That reading of its words is reported by others, not documented.",
    # beside DANE findings
    "vouched": "PORTERO_TRUST_AD vouches for {resolver}.",
}

MEANINGS: Mapping[str, str] = {
    # the server itself, and what stands behind it
    "service_busy": (
        "The server takes no session now: it is busy, restarting, out of processes, or something that it needs is "
        "down. Ask again in a few minutes."
    ),
    "server_fault": (
        "This is a temporary fault of the server: a filter (milter), a look-up or another service behind it does not "
        "answer, or puts clients off. Its operator finds the cause in the mail log; ask again in a few minutes."
    ),
    "maintenance": "The server is closed for maintenance: its words may say until when.",
    "filter_defers": (
        "A filter of the server (milter) puts this client off, or does not answer it: its operator's mail log tells "
        "which. Ask again in a few minutes."
    ),
    "server_full": "The server is out of disk or memory: its operator has to free some, mail waits for hours.",
    "list_query_refused": (
        "A blocklist refuses the server's own questions, which says nothing of the address that connects: its operator "
        "has to ask the list through a resolver of its own or with a key."
    ),
    "proxy_mismatch": (
        "The load balancer and the server disagree on the PROXY header: their operator has to switch it on or off on "
        "both."
    ),
    "mail_loop": "The mail goes in a circle: the forwarding or the MX records there have to be mended.",
    # TLS
    "tls_unavailable": (
        "The server cannot do TLS now. Most often its key or certificate cannot be read: its operator has to look at "
        "both files, at who may read them, and into the mail log."
    ),
    "tls_refused": "The server itself refuses TLS to this client: ask its operator whom it gives TLS.",
    "tls_needed": "The server wants TLS first: turn on STARTTLS, or use the port for implicit TLS.",
    "tls_on_plain_port": (
        "TLS was begun on a port that starts in plain text: set the client to STARTTLS, or use the port for implicit "
        "TLS (465) where the server has one."
    ),
    "destination_tls": (
        "The destination fails the TLS that its own policy (MTA-STS or DANE) promises: its operator has to mend the "
        "certificate or the TLSA records."
    ),
    "client_certificate": (
        "The server wants a certificate of the client: only clients that have one get in, and asking again changes "
        "nothing."
    ),
    # how the two talk
    "command_unknown": "The server, or a device on the way, does not know the command.",
    "bad_sequence": "The server takes the command to be out of order: before MAIL it often means to log in first.",
    "bad_argument": "The server does not like the form of an argument, such as an address.",
    "spoke_early": "The client spoke before its turn: it has to wait for each reply to end.",
    "client_silent": "The server gave up waiting for the client: look for a stalled client, or large packets lost.",
    # how much and how often
    "too_many_connections": (
        "It is about how many connections there are, from this address or in all: use fewer at a time, and ask again "
        "in a few minutes."
    ),
    "too_fast": "It is about how much comes from this sender: slow down, and ask again in a few minutes.",
    "too_many_errors": (
        "The server has counted too many mistakes or commands of this client: unknown recipients, wrong logins, the "
        "same command again and again."
    ),
    "too_many_logins": "Too many logins in a short time: wait, log in less often (several mails over one login), and "
    "see that nothing still tries an old password.",
    "too_many_recipients": "One mail has too many recipients: split it.",
    "session_cap": "One session may send only so much: connect again, and send less in each.",
    "quota": "The sender has used up its quota: wait until a new one begins, or ask for more.",
    # the address that connects
    "listed": (
        "The server says that the connecting address, or a name of the sender, stands on a blocklist: look it up "
        "there; where none is named, its operator knows which."
    ),
    "banned": "The server's operator has barred this client: only it can let it in again.",
    "dynamic_address": (
        "The server takes the connecting address for one of a home connection: send through a relay with a login."
    ),
    "address_refused": "The server refuses the address that connects: ask its operator, or use a relay with a login.",
    "own_list": (
        "The server keeps a list of its own, and says that the connecting address stands on it: only its operator can "
        "take it off; public blocklists do not matter."
    ),
    "country": (
        "The server refuses the country or region that it takes the connecting address to be in: its operator decides; "
        "blocklists and reverse DNS do not matter."
    ),
    "unknown_virtual_mta": (
        "The mail names a VirtualMTA that PowerMTA has none of: define it in its config, or mend the name in the mail."
    ),
    "poor_reputation": (
        "The server distrusts the connecting address for what came from it before: send less for some hours, and look "
        "for the cause."
    ),
    "account_blocked": "The provider has blocked the sending account: its administrator has to clean up and ask.",
    # its names
    "ehlo_name": "The server does not accept the name in EHLO: it wants a full host name that resolves.",
    "reverse_dns": (
        "The server does not accept the reverse DNS of the connecting address: its PTR record has to name a host that "
        "resolves to it again. Where it does, the server's resolver or its rule is at fault: ask its operator."
    ),
    # rules of the server
    "no_mail_service": "This host takes no mail at all: look at the MX records again.",
    "greylisted": "The server makes strangers wait once (greylisting): what is tried again in a few minutes gets in.",
    "policy_refusal": "The server refuses by a rule of its own that it does not name: ask its operator.",
    "client_rule": (
        "A rule of the server's own refuses this client, by its address, network or name, or whoever it is: its "
        "operator decides. No blocklist is named."
    ),
    "filter_refusal": (
        "A filter of the server (milter) refuses this client, or is down where that means to refuse: its operator's "
        "mail log tells."
    ),
    "other_family": "The server wants to be asked over the other kind of address, IPv4 or IPv6, that its words name.",
    "direct_send_refused": (
        "The tenant takes no mail from its own domain without a login or a connector (RejectDirectSend): log in, or "
        "add an inbound connector."
    ),
    # login and relaying
    "login_refused": "User or password is wrong, or this way to log in is barred: an app password may be needed.",
    "login_unavailable": (
        "The server cannot check logins now: what it asks for that fails, and a password may be right. Ask again in "
        "a few minutes; its operator finds the cause in the mail log."
    ),
    "login_needed": (
        "The server wants a login before mail: turn it on, on the port for submission (587, or 465 where there is one)."
    ),
    "login_not_here": "There is no login here: use the port for submission, after TLS, or have login switched on.",
    "login_needs_tls": "The server takes a login only inside TLS: turn on TLS first.",
    "password_withdrawn": "The provider no longer takes passwords here: use OAuth, or another relay.",
    "stronger_login": "The provider wants a stronger login: OAuth, or an app password.",
    "account_disabled": "The account is switched off, whatever the password: ask the provider.",
    "relay_denied": (
        "The server takes no mail for foreign domains from strangers: log in on the port for submission, or send to "
        "the MX of the recipient."
    ),
    # the sender
    "sender_not_owned": "The sender address does not belong to this login or account: send as one that does.",
    "sender_domain": "The domain of the sender does not resolve: mend its DNS.",
    "sender_unverified": "The server asked the sender's own mail server and was not satisfied: let its question in.",
    "spf_failed": "The sending address is not in the SPF record of the sender's domain: add it.",
    "dkim_failed": "The DKIM signature is missing or does not verify: sign with the sender's domain.",
    "dmarc_failed": "Neither SPF nor DKIM is aligned with the domain in From (DMARC): align one of them.",
    "unauthenticated": "The receiver wants SPF, DKIM and often DMARC for this sender: publish them.",
    # the recipient
    "no_such_user": "There is no such mailbox: check the address, and take it off the list.",
    "mailbox_full": "The mailbox is full: only its owner can help, mail is retried for days.",
    "mailbox_busy": "The mailbox takes no more just now: send to it more slowly.",
    "mailbox_disabled": "The mailbox is switched off: stop sending to it.",
    "recipient_closed": "The recipient or group takes no mail from outside: its owner can change that.",
    "recipient_unverified": "The server has not verified the recipient yet: retry in a few minutes.",
    "recipient_suppressed": "The sending service has this recipient on its list of those not to write to.",
    "null_mx": "The domain declares that it takes no mail (null MX).",
    # the mail
    "spam": "The mail looks like spam to the receiver: look at its content and its list.",
    "content_refused": "The receiver refuses the content or a link in it.",
    "too_large": "The mail is too large for this server: make it smaller.",
    # the way to the destination
    "destination_silent": "The destination was not reached: see whether port 25 gets out, and whether the host is up.",
    "connection_broke": "The connection broke off: retry; look for lost large packets, proxies and time-outs.",
    "no_route": "No mail server was found for the domain: look at its MX records.",
    "gave_up": "The sender gave up after its retry time: the earlier deferrals say why.",
}
"""What a reply means and what to do, by `result.meanings`: a sentence beside the reply, which is shown as it came."""

SUMMARY: Mapping[str, str] = {
    # how the target is
    "verdict.ok": "{target} works.",
    "verdict.degraded": "{target} works, with faults.",
    "verdict.failed": "{target} is not usable.",
    "verdict.failed_from_here": "{target} is not usable from here.",
    "verdict.failed_from": "{target} is not usable from {vantage}.",
    "verdict.tls_fails": ("{target} offers TLS that fails. Whether port 25 takes mail without TLS was not tried."),
    "verdict.blocked_here": "{target} is blocked on our side.",
    "verdict.blocked_in_part": "Our side blocks {target} on {ports:ports}.",
    "verdict.refused_beside_block": (
        "{target} refuses connections on {refused:ports}. On {ports:ports} our side blocks the way, so nothing is "
        "known there."
    ),
    "verdict.unknown": "{target} could not be judged.",
    # the port to use
    "use.implicit_tls": "Use {place} with implicit TLS: TLS from the first byte and login, as RFC 8314 recommends.",
    "use.implicit_elsewhere": (
        "Use {place} with implicit TLS: TLS from the first byte and login; clients must be set to SSL/TLS, which is "
        "unusual on this port."
    ),
    "use.starttls": "Use {place} with {tls:mode}: login is offered; set the client to require TLS.",
    "use.alternate": (
        "Use {place} with {tls:mode}: an alternate submission port with login; set the client to require TLS."
    ),
    "use.no_login": (
        "Use {place} with {tls:mode}: TLS works, but no login was offered to us: without one it is for clients let in "
        "by address."
    ),
    "use.least_bad": "Use {place} with {tls:mode}: nothing better answers, but see the findings first.",
    "use.no_tls": "Use {place} with {tls:mode}: it works, but without TLS: everything crosses in the clear.",
    "relay": "Port {port} answers other mail servers ({tls:relay_tls}).",
    "relay.on_some": "Port {port} answers other mail servers on {usable} of {all} hosts ({tls:relay_tls}).",
    "relay.some_tls": "Port {port} answers other mail servers (STARTTLS on {secure} of {usable} hosts).",
    "relay.on_some_tls": (
        "Port {port} answers other mail servers on {usable} of {all} hosts (STARTTLS on {secure} of {usable} hosts)."
    ),
    "no_client_port": "No port for clients was seen to work.",
    "relay_of_null_mx": (
        "Port {port} answers as a mail server ({tls:relay_tls}), but the domain declares that it receives no mail "
        "(null MX)."
    ),
    # where there is none
    "states": "{states:states}.",
    "see_findings": "See the findings.",
    "ask_our_network": "Ask whoever runs our network to open the port.",
    "run_again": "Run it again in a few minutes.",
    "run_later": "Run it again later.",
    "elsewhere": "Check from another network.",
    "refused_beside": "Not so for what other servers deliver ({states:states}).",
    "same_back_end": "What fails there is behind the server: mail that is handed in on {port} may meet it, too.",
    "dns_invents": (
        "DNS cannot be trusted here, for it answers for names that do not exist: the fault is on our side. Log in to "
        "the network, or set PORTERO_NAMESERVERS."
    ),
    # our own network
    "network_unknown": (
        "Nothing can be said of our network: the control hosts could not be tried, or are of one operator alone (DNS, "
        "PORTERO_CONTROL_HOSTS)."
    ),
    "network_misled": (
        "Nothing can be said of our network: the control hosts, which are of different operators, all have the address "
        "{address} here, so DNS makes it up (a captive portal does that). Log in to the network, or set "
        "PORTERO_NAMESERVERS."
    ),
    "network_unclear": (
        "On {ports} connections stand, and no control host speaks: something on the way may take them in its place."
    ),
    "network_open": "No outgoing mail port is seen to be blocked on our side.",
    "network_blocked": "Our network likely blocks outgoing {ports}.",
    "network_ask": "Ask it to open the ports, or use a relay on another.",
    "network_intercepted": (
        "Likely something on our network answers on {ports} in place of every host, as {names:names}: what a check "
        "sees there is that device. Ask our network to let the port through, or check from another."
    ),
    "network_masked": (
        "Likely something on our network answers on {ports} in place of every host, with a masked greeting: what a "
        "check sees there is that device. Ask our network to let the port through, or check from another."
    ),
    "our_address": "The server refuses our address: ask its operator to let it in.",
    "our_address.unnamed_list": (
        "The server says that our address or a name of ours is on a blocklist that it does not name: look both up in "
        "the common ones, or ask its operator."
    ),
    "our_address.own_list": (
        "The server says that our address is on a list of its own: ask its operator to take it off."
    ),
    "our_address.country": (
        "The server refuses the country that it takes our address to be in: ask its operator, or send from elsewhere."
    ),
    "our_address.dynamic_address": (
        "The server takes our address for one of a home connection: send through a relay with a login."
    ),
    "our_address.poor_reputation": (
        "The server distrusts our address for what came from it before: look for the cause on our side."
    ),
    "our_address.listed": (
        "The fault is likely ours: {list}, a blocklist, lists our address. Look it up and ask for its removal at "
        "{look_up}."
    ),
    "our_address.listed_somewhere": (
        "The fault is likely ours: {list}, a blocklist, lists our address. Look it up there."
    ),
    "our_address.name_listed": (
        "The fault is likely ours: {list}, a blocklist, lists a name of ours. Look the name up and ask for its removal "
        "at {look_up}."
    ),
    "our_address.name_listed_somewhere": (
        "The fault is likely ours: {list}, a blocklist, lists a name of ours. Look the name up there."
    ),
    "our_address.listed_on_closed": "The server still asks {list}, a blocklist that was switched off on {closed}.",
    "our_address.reverse_dns": (
        "The server does not accept the reverse DNS of our address, and which address it sees is not known here. Its "
        "PTR record has to name a host that resolves to the address again: where both are right, ask the server's "
        "operator."
    ),
    "our_address.reverse_dns_for_now": (
        "The server does not accept the reverse DNS of our address, and which address it sees is not known here. Its "
        "PTR record has to name a host that resolves to the address again: where both are right, a look-up failed for "
        "now, or the server's rule is wrong: check once more, then ask its operator."
    ),
    "our_address.ptr_unknown": (
        "The server does not accept the reverse DNS of {own}, our address, and what it is there is not known: DNS did "
        "not answer. Run it again."
    ),
    "our_address.ptr_confirmed_by_name": (
        "The server does not accept the reverse DNS of our address. If it sees us come from {own}, where our EHLO name "
        "leads, that is {ptr} there and leads back: then ask the server's operator."
    ),
    "our_address.ptr_missing_by_name": (
        "The server does not accept the reverse DNS of our address. {own}, where our EHLO name leads, has no PTR "
        "record: if servers see us come from there, ask whoever gave us the address for one."
    ),
    "our_address.ptr_not_confirmed_by_name": (
        "The server does not accept the reverse DNS of our address. {own}, where our EHLO name leads, is {ptr} there, "
        "which does not lead back: if servers see us come from there, make both agree."
    ),
    "our_address.ptr_missing": (
        "The fault is ours: {own}, our address, has no PTR record, and the server wants one. Ask whoever gave us the "
        "address."
    ),
    "our_address.ptr_not_confirmed": (
        "The fault is ours: {own}, our address, is {ptr} in reverse DNS, but that name did not lead back to it when "
        "asked. Make both agree."
    ),
    "our_address.ptr_confirmed": (
        "The server does not accept the reverse DNS of our address, though {own} is {ptr} there and that leads back to "
        "it: the server's DNS sees it otherwise. Ask its operator."
    ),
    "our_ehlo_name.matches": (
        "Our EHLO name, {name}, does resolve to {source}, the address we connect from: ask the server's operator what "
        "it wants of the name."
    ),
    "our_ehlo_name.ptr_missing": (
        "Our EHLO name, {name}, does resolve to {source}, but {own} has no PTR record: ask whoever gave us the address "
        "for one first."
    ),
    "our_ehlo_name.ptr_not_confirmed": (
        "Our EHLO name, {name}, does resolve to {source}, but {own} is {ptr} in reverse DNS, which does not lead back: "
        "make both agree first."
    ),
    "our_ehlo_name.resolves": (
        "Our EHLO name, {name}, resolves to {leads_to}: see whether servers see us come from there, or set "
        "PORTERO_EHLO_NAME."
    ),
    "our_ehlo_name.unknown": "Whether our EHLO name, {name}, resolves is not known: DNS did not answer.",
    "our_ehlo_name": (
        "The fault is ours: PORTERO_EHLO_NAME must be a name that resolves to the address we connect from."
    ),
}
"""The first line of a check: statements in order, each a sentence. A finding's code says its own sentence."""

PLACES = ("port {port}", "port {port} on {host}")
"""A port, and a port where its host has to be named."""

VERDICTS: Mapping[str, str] = {
    "ok": "works",
    "degraded": "works, with faults",
    "failed": "is not usable",
    "blocked_here": "is blocked on our side",
    "unknown": "could not be judged",
}

STATES: Mapping[str, str] = {
    "open": "open",
    "refused": "refused",
    "no_answer": "no answer",
    "unreachable": "no route",
    "rejected": "rejected",
    "blocked_here": "blocked here",
    "forbidden": "not probed",
    "no_ipv4_here": "no IPv4 here",
    "no_ipv6_here": "no IPv6 here",
    "no_greeting": "silent",
    "incomplete_greeting": "half a greeting",
    "closed_before_greeting": "closed, no word",
    "reset_before_greeting": "reset, no word",
    "proxy_header_expected": "wants a PROXY header",
    "plain_on_tls_port": "plain SMTP",
    "tls_failed": "TLS failed",
    "not_smtp": "not SMTP",
    "unexpected_reply": "odd reply",
    "hijack_suspect": "another answers",
    "address_invented": "address in doubt",
    "rate_limited": "turned away",
    "temp_refused": "not now (4xx)",
    "refused_by_policy": "refuses us (5xx)",
    "no_mail_service": "no mail (521)",
    "ehlo_name_rejected": "EHLO rejected",
    "ehlo_not_understood": "no EHLO",
    "no_ehlo_reply": "EHLO unanswered",
    "response_too_large": "flood",
    "tarpit": "tarpit",
    "tarpit_spamd": "tarpit (spamd)",
    "tls_required": "wants TLS first",
    "not_finished": "ran out of time",
    "not_begun": "not asked",
    "held_up": "we were held up",
    "not_heard": "not heard",
    "not_asked_alone": "not asked alone",
}
"""States of endpoints, short enough for a table."""

APART: Mapping[str, str] = {
    "no_tls": "no STARTTLS",
    "tls_fails": "TLS fails",
    "first_byte": "TLS from the first byte",
    "starttls": "STARTTLS",
    "unreadable": "unreadable certificate",
    "expired": "expired certificate",
    "wrong_name": "certificate not for this name",
    "untrusted": "untrusted certificate",
    "trusted": "trusted certificate",
    "tls": "TLS works",
    "unseen": "TLS not seen",
    "certificate": "no certificate",
    "version": "another TLS version",
    "login": "other logins",
}
"""What an open port of one address has that those of the other addresses have not."""

NUMBERS: tuple[str, ...] = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight")
AS_TOLD = ("", " as the server names it")
"""Behind our own address: whether we know it, or the server says it."""

OTHERS = ("another connection", "other connections")
TURNED_AWAY: Mapping[str, str] = {
    "refused": "refused",
    "rejected": "rejected",
    "no_answer": "no answer",
    "closed": "closed, no word",
    "reset": "reset, no word",
    "in_words": "refused in words",
    "silent": "no greeting",
}
"""How a port turned us away."""

FAMILIES: Mapping[str, str] = {"A": "IPv4", "AAAA": "IPv6"}
"""Types of address records -> the family."""

OF_HOST = " of {host}"
ADDRESSES = "{count} of {of} addresses"

TLS_STATES: Mapping[str, str] = {
    "not_offered": "not offered",
    "masked": "masked",
    "broken_temp": "454",
    "intercepted": "refused",
    "refused": "refused",
    "no_common_cipher": "no common cipher",
    "version": "wrong version",
    "sni_rejected": "unknown name",
    "wants_certificate": "wants client's",
    "not_spoken": "no TLS",
}

MODES: Mapping[str, str] = {"implicit": "implicit TLS", "starttls": "STARTTLS", "none": "no TLS from here"}
"""TLS modes of a recommendation."""

TLS_OF_RELAY: Mapping[str, str] = {
    **MODES,
    "hidden_starttls": "STARTTLS works but is not announced",
    "starttls_flapping": "STARTTLS on some connections only",
    "tls_flapping": "TLS on some connections only",
    "first_byte": "TLS from the first byte",
    "shifted": "replies out of turn",
    "tls_fails": "TLS fails",
    "unseen": "TLS unknown",
}
"""What was seen of TLS on a port between servers, further connections of a deep check included."""

CHOICES: Mapping[str, str] = {
    "implicit_tls": "TLS from the first byte and login, as RFC 8314 recommends",
    "implicit_elsewhere": (
        "TLS from the first byte and login; clients must be set to SSL/TLS, which is unusual on this port"
    ),
    "starttls": "login is offered; set the client to require TLS",
    "alternate": "an alternate submission port with login; set the client to require TLS",
    "no_login": "TLS works, but no login was offered to us: without one it is for clients let in by address",
    "relay_only": "only the relay port answers: right for server to server, not for applications",
    "no_tls": "it works, but without TLS: everything crosses in the clear",
    "least_bad": "nothing better answers, but see the findings first",
}
"""Why a port is the one to use, for those who read the JSON."""

REASONS: Mapping[str, str] = {
    # a look-up
    "dns_timeout": "DNS did not answer",
    "dns_servfail": "the name servers fail",
    "SERVFAIL": "the name servers fail (SERVFAIL), or DNSSEC is broken",
    "REFUSED": "the name servers refuse the question",
    "REFERRAL": "our name server only refers to others",
    "FORMERR": "the name servers do not understand the question (FORMERR)",
    "NOTIMP": "the name servers do not know this kind of question (NOTIMP)",
    "dns_loop": "its aliases (CNAME) lead in a circle",
    "bogus": "its DNSSEC signatures do not verify",
    "expired": "its DNSSEC signatures have expired",
    "blocked": "our name server withholds the answer on purpose",
    # a connection
    "refused": "it refuses connections",
    "no_answer": "no answer",
    "unreachable": "no route",
    "not_permitted": "this machine itself forbids it, by its firewall or its routing table",
    "timeout": "it took too long",
    # a certificate
    "cert_expired": "it has expired",
    "cert_not_yet_valid": "it is not valid yet",
    "cert_self_signed": "it is self-signed",
    "cert_untrusted": "its authority is not publicly trusted",
    "cert_invalid": "it does not hold against the authority that it names",
    "cert_chain_incomplete": "an intermediate certificate is not sent",
    "cert_chain_expired": "an intermediate certificate has expired",
    "cert_chain_not_yet_valid": "an intermediate certificate is not valid yet",
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

ADDRESS_KINDS: Mapping[str, str] = {
    "loopback": "a loopback address (127.0.0.0/8, ::1)",
    "this_network": "an address that is no host's (0.0.0.0/8, ::)",
    "documentation": "an address that is for examples alone (RFC 5737, RFC 3849)",
    "benchmarking": "an address that is for measurements in laboratories alone (198.18.0.0/15)",
    "link_local_six": "a link-local IPv6 address (fe80::/10)",
    "compatible": "an IPv6 address of the obsolete IPv4-compatible kind (::/96)",
    "multicast": "a multicast address",
    "reserved": "a reserved address (240.0.0.0/4)",
}
"""Addresses at which nobody finds a host, whoever asks."""

PURPOSES: Mapping[str, str] = {
    "family": "the other address family",
    "hidden": "STARTTLS without its announcement",
    "versions": "the TLS versions",
    "suites": "older cipher suites",
    "ssl3": "SSL 3.0",
    "stapling": "whether an OCSP reply is stapled",
    "other_key": "whether it has an RSA certificate, too",
    "again": "whether STARTTLS is announced each time",
    "common_keys": "whether it has a certificate for clients that do not know its kind of key",
    "http": "whether it speaks HTTP over TLS",
    "beside": "the one before, which was turned away",
    "alone": "once more, with no other connection of ours",
    "in_tls": "whether it waits for TLS",
    "proxy_v1": "whether it waits for a PROXY header (version 1)",
    "small_segments": "whether TLS comes about with small TCP segments",
    "proxy_v2": "whether it waits for a PROXY header (version 2)",
    "no_name": "TLS without the name",
}
"""What further connections of a deep check are for."""

FAULTS: Mapping[str, str] = {
    "implicit_tls": "TLS from the first byte, where servers begin in clear",
    "cert_expired": "certificate expired",
    "cert_chain_expired": "intermediate certificate expired",
    "cert_not_yet_valid": "certificate not valid yet",
    "cert_chain_not_yet_valid": "intermediate certificate not valid yet",
    "cert_name_mismatch": "certificate for another name",
    "cert_no_san": "certificate names no host",
    "cert_self_signed": "certificate self-signed",
    "cert_untrusted": "certificate not trusted",
    "cert_invalid": "certificate does not verify",
    "cert_chain_incomplete": "intermediate certificate missing",
    "cert_unparsable": "certificate unreadable",
    "dane_mismatch": "gets no mail from senders with DANE (no TLSA holds)",
    "dane_no_tls": "gets no mail from senders with DANE (no TLS)",
    "dane_tls_failed": "gets no mail from senders with DANE (TLS fails)",
    "mta_sts_no_starttls": "gets no mail from senders with MTA-STS (no TLS)",
    "mta_sts_tls_failed": "gets no mail from senders with MTA-STS (TLS fails)",
    "mta_sts_mx_certificate": "gets no mail from senders with MTA-STS (certificate)",
    "mta_sts_mx_excluded": "gets no mail from senders with MTA-STS (not listed)",
    "cert_weak_key": "certificate with a weak key",
    "cert_weak_signature": "certificate with a weak signature",
    "cert_expires_soon": "certificate ends soon",
    "auth_not_offered": "no login offered",
    "refused_later": "refuses after the greeting",
    "hidden_starttls": "STARTTLS not announced",
    "starttls_flapping": "STARTTLS comes and goes",
    "tls_flapping": "TLS fails now and then",
    "legacy_tls": "old TLS versions",
    "response_injection": "takes commands ahead of TLS",
    "address_down": "not all of its addresses work",
    "mail_not_public": "mail hosts without a public address",
    "dns_nxdomain": "no such name in DNS",
    "dns_no_data": "no address and no MX in DNS",
    "dns_servfail": "DNS fails",
    "dns_timeout": "DNS does not answer",
    "dns_loop": "aliases in a circle in DNS",
    "null_mx": "takes no mail (null MX)",
    "mx_is_address": "MX is an address",
    "mx_is_localhost": "MX is localhost",
    "mx_bad_name": "MX is no host name",
    "mx_nxdomain": "MX not in DNS",
    "mx_no_address": "MX without an address",
    "mx_servfail": "DNS of the MX fails",
    "mx_timeout": "DNS of the MX does not answer",
    "mx_loop": "aliases of the MX in a circle",
}
"""Findings in a few words, behind a port or a host, where a line has no room for a sentence."""

NOT_CONNECTED: Mapping[str, str] = {
    "forbidden": "its address is not public, so nothing is connected to",
    "denied_by_owner": "it is left alone at the wish of its owner",
}
"""Why a run of a watch looked at nothing."""

UNLESS_ANYWAY = "Check the spelling. With `anyway` behind it, it is watched all the same."

NOT_WATCHED: Mapping[str, tuple[str, str]] = {
    "forbidden": (
        "{target} is not watched: that address is not public.",
        "Whoever runs Portero can open a network with PORTERO_ALLOW_NETWORKS.",
    ),
    "denied_by_owner": (
        "{target} is not watched: it is left alone here.",
        "Its owner or whoever runs Portero wished it so (PORTERO_DENY_HOSTS).",
    ),
    "dns_nxdomain": ("{target} does not exist in DNS, so it is not watched.", UNLESS_ANYWAY),
    "dns_no_data": ("{target} has neither MX nor address in DNS, so it is not watched.", UNLESS_ANYWAY),
}
"""Where no run would connect to: why such a watch is refused, and who can change that."""

OUTCOMES: Mapping[str, str] = {
    "connected": "connected",
    "refused": "refused",
    "no_answer": "no answer",
    "unreachable": "no route",
    "no_route": "no route",
    "not_permitted": "not permitted",
    "forbidden": "not public",
    "not_tried": "not tried",
}
"""What came of a connection to a control host."""

PATTERNS: Mapping[str, str] = {
    "25": "clouds that block port 25 alone (Google Cloud, AWS, Azure, Vultr)",
    "25 465": "Hetzner Cloud, which blocks 25 and 465 until asked",
    "25 465 587": "hosters that block 25, 465 and 587 (Akamai/Linode, Scaleway, Render's free tier)",
    "25 465 587 2525": "platforms that allow no outgoing SMTP (Railway below Pro, Cloudzy)",
    "25 465 2525": "Zerops, which lets out 587 alone",
}
"""The outgoing ports that a network drops -> whose policy looks like that."""

AWAITED: Mapping[str, str] = {
    "no_greeting": "{words} for {waited:.0f} s",
    "incomplete_greeting": "{words} in {waited:.0f} s",
    "no_ehlo_reply": "{words} for {waited:.0f} s",
}
"""States that are nothing without how long we waited."""

NO_NAME, UNREADABLE_DATE = "no name that can be read", "an unreadable date"


NOT_ANNOUNCED = "not announced"
"""TLS in the table where a further connection came to it without its announcement."""

TLS_UP = "works"
"""TLS in the table where the handshake was finished and the server hung up before its version could be read."""

CERTIFICATES: Mapping[str, str] = {
    "expired": "expired",
    "unreadable": "unreadable",
    "wrong_name": "not for this name",
    "untrusted": "not trusted",
    "trusted": "{days}",
}
"""A certificate in the table; of a good one the days that are left."""

WITHOUT_HEAD: Mapping[str, str] = {"tls": "TLS {}", "certificate": "cert {}", "login": "login {}"}
"""A cell of these columns where no head stands over it."""

FROM_THE_FIRST_BYTE = "{tls} implicit"
"""TLS in the table on a port where clients expect STARTTLS and TLS begins with the first byte."""

SAME_LOGIN = "Login on {ports}: {login}."
LOGIN_OF_ROWS = "Where a row says login: {login}."
"""Above a table that is too wide, in place of its column."""

SAME_IN_ALL_ROWS, SAME_IN_TLS = "On all of these: {facts}.", "Where TLS works: {facts}."
"""Above the table of ports: what would stand in each row of it, or in each with TLS."""

CERTIFICATE_FACTS: Mapping[bool, str] = {
    True: (
        "TLS {version}, {cipher}; certificate {subject}, issued by {issuer}, trusted, valid {start} to {end}, {key}, "
        "names {names}, SHA-256 {sha256}"
    ),
    False: (
        "TLS {version}, {cipher}; certificate {subject}, issued by {issuer}, not trusted, valid {start} to {end}, "
        "{key}, names {names}, SHA-256 {sha256}"
    ),
}
"""Whether a certificate is trusted -> all that is known of it."""

MARKS: Mapping[str, str] = {
    "up": "✓",
    "faulty": "!",
    "down": "✗",
    "awaited": "?",
    "unknown": "?",
    "blocked_here": "?",
}
"""What a port comes to, before it in the table: works, works with faults, no, not known."""

SAME_ON, SAME_OF = "The same on {places}.", "The same of {places}."
"""Behind the sentence of one port, where others have the same finding."""

LOGIN_IN_CLEAR = "{mechanisms} (in clear)"
"""Login in the table where it is offered before TLS alone."""


CLIENT_TLS: Mapping[str, str] = {"implicit": "SSL/TLS", "starttls": "STARTTLS (required)", "none": "no TLS"}
"""The modes as mail clients call them."""

NO_LOGIN = "none offered"
CLIENT_SETTINGS: Mapping[str, str] = {
    "sound": "Client settings: {host}, port {port}, {tls}, login {login}",
    "name_refused": (
        "Client settings: {host}, port {port}, {tls}, login {login}; the server refuses clients that name it in the "
        "handshake, as most do (see the findings)"
    ),
    "certificate_refused": (
        "Client settings, once clients accept the certificate: {host}, port {port}, {tls}, login {login}"
    ),
    "address": (
        "No client settings for {host}: its certificate does not name the address. Use the host's name, and check that "
        "one: {names}, if that leads here."
    ),
    "address_untrusted": (
        "No client settings for {host}: its certificate does not name the address. Use the host's name, and check that "
        "one: {names}, if that leads here. Even so clients that verify the certificate refuse it (see the findings)."
    ),
    "address_without_name": (
        "No client settings for {host}: its certificate does not name the address. It names no host either: clients "
        "that verify refuse it under any name."
    ),
}
"""What to type into a mail client. A certificate rarely names an address: who connects by one is refused by his own."""

PORTS_OF = ("Port {ports}", "Ports {ports}")
"""One port, and several, as a line begins that is about them."""

PORT_OF_HOST = "{port} of {host}"
"""How a port is called where there are several hosts."""

TLS_VERSIONS: Mapping[str, str] = {
    "yes": "{place}: TLS {yes} accepted.",
    "no": "{place}: TLS {no} refused.",
    "unknown": "{place}: TLS {unknown} not known.",
    "yes no": "{place}: TLS {yes} accepted; {no} refused.",
    "yes unknown": "{place}: TLS {yes} accepted; {unknown} not known.",
    "no unknown": "{place}: TLS {no} refused; {unknown} not known.",
    "yes no unknown": "{place}: TLS {yes} accepted; {no} refused; {unknown} not known.",
}
"""What was told of the TLS versions of ports -> the line of it."""

SUITES: Mapping[str, str] = {
    "null": "no encryption",
    "export": "export",
    "des": "DES",
    "rc4": "RC4",
    "3des": "3DES",
    "anonymous": "no certificate",
    "static": "no forward secrecy",
    "dhe": "DHE",
}
"""Groups of cipher suites that a deep check asks for."""

OLDER_SUITES: Mapping[str, str] = {
    "yes": "{place}, older cipher suites accepted: {yes}.",
    "no": "{place}, older cipher suites refused: {no}.",
    "unknown": "{place}, older cipher suites not known: {unknown}.",
    "yes no": "{place}, older cipher suites accepted: {yes}; refused: {no}.",
    "yes unknown": "{place}, older cipher suites accepted: {yes}; not known: {unknown}.",
    "no unknown": "{place}, older cipher suites refused: {no}; not known: {unknown}.",
    "yes no unknown": "{place}, older cipher suites accepted: {yes}; refused: {no}; not known: {unknown}.",
}
"""What was told of the older cipher suites of ports -> the line of it."""

UNSWEPT = (
    "TLS versions and suites were not asked for on {ports}: a deep check sweeps one port of each TLS mode. "
    "Check one alone to learn them."
)
TIMINGS: Mapping[str, str] = {
    "ehlo": "EHLO",
    "starttls": "STARTTLS",
    "tls": "TLS",
    "ehlo_after_tls": "EHLO inside TLS",
}
"""Steps of a session that took time, where their name in the document is no word."""

ANNOUNCED = "Not looked at: where DNS sends mail programs to submit mail (SRV). To check it: {commands}."
"""Below the answer; what is to be typed."""

DEEP_WAITS = "waits up to 35 s for each reply and takes up to 2 min in all"
"""What a deep check does, in words (`connection.DEEP`)."""
