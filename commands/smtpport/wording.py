"""The sentences of an answer in English, by claim code. Data only: a second language is a second table."""

from commands.smtpcheck.result.sentences.languages import WORDS
from commands.smtpport.evidence.situations import situations

CLAIMS = {
    # the blocklist that a refusal names
    "list_named": "It names {list}: look the entry up, and ask for its removal, at {look_up}",
    "list_unknown": "It names {list}: look the entry up there.",
    "list_closed": "It names {list}, a list that was switched off on {closed}: the operator of that server has to stop "
    "asking it.",
    # what is known of a product that is named
    "remark": "{remark}",
    # why a port is chosen
    "use_465": "465 with TLS from the first byte is the recommended port for apps and mail clients, beside 587.",
    "use_587": "587 with STARTTLS is the registered submission port; require TLS, and it is as safe as 465.",
    "implicit_on_587": "{provider} expects TLS from the first byte on 587: set the client to SSL/TLS, not STARTTLS.",
    "use_2525": "2525 is not registered for SMTP, but {provider} answers on it by custom, with STARTTLS: it is for "
    "networks that close the other ports.",
    "use_2525_anywhere": "2525 is not registered for SMTP; by custom {count} of the {all} relay services in the "
    "catalogue answer on it, for networks that close the other ports.",
    "use_alternate": "{port} is an alternate port of {provider}, for networks that close the usual ones.",
    "use_web_port": "{provider} also answers SMTP on {port}, a web port that few networks close.",
    "use_unconfirmed": "{port} may work with {provider}: no page of its own that says so was read. Check before use.",
    "use_disputed": "{port} may work with {provider}: guides contradict each other. Probe it first.",
    "direct_send": "A device that cannot log in can hand mail to your tenant's own mail exchanger, {host} (direct "
    "send; the name is your domain with dashes for dots). It reaches recipients of your own tenant only, and your "
    "network has to let 25 out.",
    "client_submission": "With a login, mail for everybody goes through {host} on 587.",
    "use_exchanger": "{provider} take mail on 25, as every MX does, and without a login.",
    "use_25_last": "{provider} also takes mail on 25 with STARTTLS. It is the last resort: 25 is meant for delivery "
    "between mail servers, and many networks block it outbound.",
    "nothing_left": "No port of {provider} is open to you{when}: have the network lift its block, choose a provider "
    "with other ports, or send through an HTTPS API.",
    "elsewhere": "No source names {port} as blocked there, and {providers} answer on it: worth a test.",
    "elsewhere_open": "{port} is open there, and on it you reach {providers}.",
    "last_resort": "{network} closes every usual port; {port} is left only because no source names it. If it fails, "
    "an HTTPS API is the way out.",
    # relay, receiving, listeners
    "relay_25": "Delivery to other people's domains is always 25: MX records carry no port.",
    "relay_tls": "Offer and use STARTTLS; a public MX must not demand it of everybody. MTA-STS or DANE harden it.",
    "relay_blocked_elsewhere": "If your network blocks 25 there is no other port for this: hand the mail to a relay "
    "service on 587 or 465.",
    "relay_apps": "Apps and mail clients do not belong on 25: they log in on 465 or 587.",
    "apps_not_on_25": "25 is for delivery between servers, and closed to programs and devices by many networks: that "
    "is the likely cause.",
    "relay_needs_25": "Delivery straight to other servers works on 25 only. Where 25 is closed to you, hand the mail "
    "to a relay service.",
    "relay_instead": "Delivery to other people's servers works on 25 only, with no other port in its place: with "
    "25 closed, hand the mail to a relay service.",
    "through_a_relay": "A relay service takes your mail on {port}, with a login, and delivers it from its own network.",
    "receive_25": "Mail from outside comes to your MX on 25, and on no other port.",
    "receive_bounces": "Asynchronous (out-of-band) bounces go to the MX of the return-path domain, on 25.",
    "receive_fbl": "Feedback-loop reports arrive as ordinary mail, so they need 25 as well.",
    "listen_25": "Listen on 25 for what comes from the Internet: bounces, feedback-loop reports, replies.",
    "listen_587": "Listen on 587 for your own apps: demand STARTTLS and a login.",
    "listen_465": "465 with TLS from the first byte serves your own apps as well as 587 does.",
    "listen_any": "Your own server may listen on any free port that its clients know of; senders outside know 25 only.",
    "any_port": "Listeners of your own may be on any free ports that their clients know of, one for each purpose as "
    "well; to other servers mail leaves on 25 all the same.",
    "listen_relaying": "Never relay for everybody: allow it by login or by source address.",
    # other roles
    "local_1025": "A mail catcher such as Mailpit or MailHog on 1025 shows what your app sends and delivers nothing.",
    "local_8025": "aiosmtpd listens on 8025 by default.",
    "local_25": "A development machine has no reason to deliver for real.",
    "lmtp_24": "LMTP has no port of its own; 24, set aside for private mail systems, is the custom.",
    "lmtp_socket": "On one machine a UNIX socket is better. LMTP is not for wide-area networks.",
    "lmtp_25": "LMTP must not run on 25.",
    "reading_993": "IMAP with TLS reads mail on 993.",
    "reading_995": "POP3 with TLS fetches mail on 995.",
    "reading_not_smtp": "Reading mail is IMAP or POP3, not SMTP. To send, ask again with your provider's name.",
    # what the question calls for
    "both_failed": "You tried {ports}. Try the same ports on another operator's host: if those fail too, your network "
    "blocks them; if they answer, the fault is at the provider's end.",
    "all_closed": "With {ports} closed to you, a relay service that listens on 2525, 443 or 80 may get out; else its "
    "HTTPS API, or a network or plan that lets mail out.",
    "compare": "You tried {ports}. If the same port fails towards another operator too, your network blocks it.",
    "old_device": "A device without TLS 1.2 or without a login needs a relay inside your network that sends on with "
    "TLS; mail in clear is obsolete.",
    "known_by_address": "{provider} needs no login from a device whose public address it knows (its allow "
    "list); one without TLS 1.2 needs a relay inside your network.",
    "no_cleartext": "Sending without TLS shows the password and the mail to everybody on the way; it is obsolete.",
    "modes_swapped": "The modes are swapped: 465 wants SSL/TLS (implicit), 587 wants STARTTLS. A mix ends in "
    '"wrong version number" or a hang.',
    "modes_by_port": "TLS mode and port belong together: 465 wants SSL/TLS (implicit), 587 wants STARTTLS, which many "
    'programs call "TLS" beside "SSL". A plain switch ("secure", "SSL") is mostly on with 465 and off with 587.',
    "mode_not_offered": "You asked for {mode}: {provider} is not known to offer it.",
    "software_starttls": "{software} is not known to do TLS from the first byte when it sends, so a STARTTLS port "
    "comes first.",
    "lines_other_port": "The lines for {software} use {used} with {used_mode}: it is not known to do {mode} on {port}.",
    "lines_no_mode": "There are no lines for {software}: it is not known to do {mode} on {port}, and no other port is "
    "confirmed here.",
    "lines_unconfirmed": "There are no lines for {software}: no page confirms {port} here. Check it first.",
    # what was asked in words
    "works_already": "{ports} works for you: keep it, and have the client require TLS.",
    "works_not_465": "{ports} works for you, so keep it: with TLS required it is as good as 465. 465 wants SSL/TLS in "
    "place of STARTTLS, and a server or a network may have it closed.",
    "to_lift": "To have 25 opened at {network}: {lift}.",
    "opens_25": "{network} blocks 25 outbound{when}, whatever your own firewall lets out. To have it opened: {lift}.",
    "stays_closed": "{network} blocks 25 outbound{when}, and I know of no way to have it opened.",
    "ask_operator": "Whether 25 can be opened is for the operator of your network to say: ask its support.",
    "block_lifted": "If {network} has lifted its block and it still times out, look at your own firewall, at IPv6 (an "
    "exemption may be for IPv4 alone) and whether the machine was restarted since.",
    "login_wanted": "Login at {provider}: {login}.",
    "login_of": "Login at {provider}: {login}.",
    "note_of": "{note}.",
    "lets_it_out": "{network} lets {ports} out: look at the host name, at the firewall of the machine and at how the "
    "program waits for the send.",
    "or_the_login": "If it connects and the login is what fails, the port is not at fault: {provider} wants {login}.",
    "did_you_mean": "Did you mean {providers}?",
    "unread_report": "What the message means is not known here: the lines around it, with a reply code or the name of "
    "an error, would tell.",
    "role_open": "Who sends is not clear: an app or a mail client hands mail in on 587 or 465, with a login; a mail "
    "server delivers to others on 25.",
    "much_unread": "Much of this was not understood, so the port is a guess: the provider, the place it is sent from "
    "and the words of the error would settle it.",
    "point_open": "Part of this was not understood, and the point may be in it: the line of an error, or the question "
    "in a few words, would settle it.",
    "aim_open": "What is asked here was not understood, beyond a port.",
    "cause_unsaid": "What fails is not said here; the app's log has the line that decides: a time-out or a refusal is "
    "the way or the port, a word of TLS the mode, 535 the login, another 4xx or 5xx the server's own reason.",
    "host_bars_others": "Most web hosts bar SMTP to other providers: ask yours, or send through its own server, the "
    "provider's HTTPS API or a relay service on 2525.",
    "several_fail": "Where providers that have nothing in common fail alike, the fault is on this side of them: the "
    "container, the machine's firewall or the network, whatever the port.",
    "arrives": "If the mail arrives, port, TLS and login are right: an error after it, at the end of the session "
    "(QUIT), may be caught and left alone.",
    "starttls_works": "STARTTLS works for you, so keep it: with TLS required it is as safe as SSL/TLS, which wants a "
    "port of its own.",
    "workspace_only": "smtp-relay.gmail.com is for Google Workspace, once an administrator has set it up: a gmail.com "
    "account uses smtp.gmail.com with an app password. The relay hangs up on a client that calls itself localhost "
    "in EHLO.",
    "hosting_relay": "relay-hosting.secureserver.net is known to answer only from inside GoDaddy's web hosting, on 25 "
    "without TLS and login. From elsewhere use smtpout.secureserver.net with a login, or another provider.",
    "closed_in": "In a private subnet, or from a function in a VPC, nothing gets out without a NAT gateway (or a VPC "
    "endpoint of the service), whatever the port: look at that first.",
    "mesh": "A service mesh may wait for the client to speak first, and in SMTP the server does: mark the port as "
    "opaque, or have the proxy skip it. Only TLS from the first byte (465) may pass as it is.",
    "frozen": "A function is frozen once it has answered, so what was not waited for is lost now and then: await the "
    "send before it returns. The port is hardly at fault.",
    "first_start": "Many images read such variables at the first start only: afterwards change the mail settings in "
    "the app itself, and test the connection from inside the container.",
    "setting_unread": "If the message names another host or port than you set, the setting is not read (restart, "
    "another field, a misspelt name), or the app tries its own ports last and hides the real failure.",
    "inside_out": "From inside its own network a server is often not reached by its public address (hairpin NAT): use "
    "the inner address, or have DNS there give it for the same name.",
    "inbound_only": "For sending nothing has to be opened, published or forwarded towards you: only the way out "
    "counts. Test that from the very machine or container (nc -vz HOST PORT). What takes mail itself needs 25 let in.",
    "server_closed": "Webmail and ActiveSync come over HTTPS, mail clients need 587 or 465: open them in the firewall "
    "of the server and of its host, and test from another network.",
    "this_network": "Such networks often let no mail port out. If the same settings work in another one, they are right"
    ": ask who runs it, or use webmail, a VPN or a phone's network.",
    "ip_versions": "IPv4 and IPv6 may fare differently there: have the client use the one that gets out (most take "
    "IPv4 first; else give the address as host, and the name for TLS). The port may stay.",
    "works_elsewhere": "If the same settings work elsewhere, account and port are right: look at the way out of the "
    "machine or container that fails (firewall, DNS, VPN, its network).",
    "reading_port": "{port} is for reading mail ({protocol}), not for sending it.",
    "page_port": "{port} is the usual port of a web page ({protocol}), not one for mail.",
    "catcher_port": "{port} is the port of a mail catcher for development; no provider takes mail there.",
    "hoster_port": "26 is a second submission port at some web hosts with cPanel: right only where yours names it.",
    "odd_port": "{port} is no usual port of SMTP: it is a slip, or the operator's own choice.",
    "needs_login": "{provider} takes mail only after a login: what cannot log in, or speaks on 25 alone, needs a "
    "relay in your network that can.",
    "either_provider": "Ports decide nothing between {providers}: both take mail on {ports}.",
    "either_takes": "Of the two {provider} takes mail on {port}; the other is not known to.",
    "either_gets_out": "Of the two only {provider} has a port that {network} lets out, as far as is known.",
    "taken_there": "{provider} takes mail on {port}, too.",
    "oauth_only": "{provider} takes logins by OAuth 2 only: what cannot do that needs another provider, or a relay"
    " between.",
    "not_taken_there": "{provider} does not take mail on {port}.",
    "not_known_there": "{provider} is not known to take mail on {port}.",
    "closed_there": "{network} blocks {port} outbound.",
    "closed_if": "{network} blocks {port} outbound if {condition}.",
    "closed_to_some": "{network} closes {port} to some of its customers.",
    "open_if": "{network} lets {port} out if {condition}.",
    "open_there": "{network} lets {port} out.",
    "varies_there": "On {network} {port} may be open or closed: {scope}.",
    "disputed_there": "Sources disagree whether {network} lets {port} out.",
    "unclear_there": "Whether {network} lets {port} out, no page that was read says.",
    "web_only": "Through web ports alone SMTP does not get out, unless a provider answers on them: else use its "
    "HTTPS API.",
    "where_to_run": "A server that delivers itself needs a place that lets 25 out, or opens it when asked and "
    "satisfied, such as {networks}.",
    "only_port": "{provider} is not known to take mail on another port: if {ports} times out, have it let out; if it "
    "answers, look at TLS mode and login.",
    # the provider
    "from_probe": "The ports are those that were seen working just now.",
    "check_page": "I do not know {host}: check its support page for the host, the ports and the login.",
    "provider_offers": "{provider} lists {ports}.",
    "provider_may_offer": "{provider} is said to listen on {ports}.",
    "plain_too": "{provider} also takes mail without TLS on some ports, so make your client require it.",
    # only in answers of older days
    "two_ports": "465 begins with TLS, 587 begins in plain text and turns TLS on by STARTTLS: with TLS required "
    "both are as safe.",
    "powermta_starttls": "PowerMTA's guide documents STARTTLS for outgoing connections and no TLS from the first byte, "
    "so a STARTTLS port comes first.",
    "most_offer": "Of the {all} relay services in the catalogue {with_587} are confirmed on 587 and {with_465} on 465; "
    "both ports are recommended.",
    "no_provider": "You named no provider: its support page has the host, the ports and the login.",
    # the network
    "network_blocked": "{network} blocks outbound {ports}: {scope}.",
    "network_conflicting": "{network} may block {ports}: sources disagree ({scope}).",
    "network_limited": "{network} restricts {ports}: {scope}.",
    "network_intercepted": "On {network} connections to {ports} may be answered by another server: {scope}.",
    "network_varies": "On {network} {ports} may be open or closed: {scope}.",
    "network_open": "{network} lets {ports} out.",
    "network_unnamed": "No source names {ports} as blocked on {network}, or as open: test before you rely on it.",
    "network_unclear": "Nothing reliable is recorded about {ports} on {network}: test before you rely on it.",
    "outbound_only": "What is known of {network} concerns outgoing connections; for receiving, look at its inbound "
    "firewall.",
    # what to avoid
    "tried": "Failed for you.",
    "barred": "Ruled out by you.",
    "network_intercepts": "On {network} another server may answer on it.",
    "network_closes": "Blocked by {network}.",
    "network_closes_some": "Blocked by {network} if {condition}.",
    "refuses": "{provider} does not accept connections on it.",
    "no_tls_there": "{provider} serves it without TLS only.",
    "not_listed": "Not listed by {provider}.",
    "avoid_25": "It is for delivery between mail servers, and many networks block it outbound.",
    "avoid_25_although_offered": "{provider} answers on it, but it is meant for delivery between mail servers and many "
    "networks block it outbound.",
    "not_for_relay": "It is for senders who log in, not for delivery to an MX.",
    "no_mx_there": "No sender looks for an MX on it.",
}

UNKNOWN_PORT = {
    "registered": None,
    "tls": None,
    "story": ["It is not a mail port that the catalogue knows. Ask the operator of the server."],
}

YOUR_PROVIDER, YOUR_NETWORK, ALL_OTHERS, BY_DEFAULT = "your provider", "the network", "all others", "by default"
"""What stands where no provider, no port and no scope is named."""

ROLES = {
    "submission": "an app or a mail client hands mail to its provider",
    "relay": "a mail server delivers to other servers",
    "receive": "receiving mail, bounces and feedback-loop reports",
    "listener": "which ports your own server listens on",
    "device": "a device (printer, scanner, camera) sends",
    "local": "local development",
    "lmtp": "LMTP to a mailbox store",
    "reading": "reading mail",
}

TLS = {
    "starttls": "STARTTLS",
    "implicit": "SSL/TLS",
    "none": "no TLS",
}
"""TLS modes as clients call them: SSL/TLS is TLS from the first byte."""

NEXT = {"listener": "Also", "local": "Also", "reading": "Also"}
"""How further ports are introduced; "Then" where they come one after the other."""

RECOMMENDATIONS = {
    "implicit_tls": "TLS from the first byte and a login [RFC 8314 section 3, 2018-01]",
    "starttls": "STARTTLS and a login; set the client to require TLS [RFC 8314 section 3.3, 2018-01]",
    "alternate": "an alternate port with TLS and a login; set the client to require TLS",
    "no_login": "TLS works, but no login was offered to us: without one it is for clients let in by address",
    "least_bad": "nothing better answers, but it has faults",
    "no_tls": "no port offers TLS: a password would travel in clear",
    "relay_only": "for delivery between mail servers; apps need a submission port [RFC 5321, 2008-10]",
}
"""Reasons of `smtpcheck.result.health.recommend`."""

EVIDENCE = {
    "documented": "as of {date}",
    "reported": "reported, {date}",
    "conflicting": "disputed, {date}",
    "unconfirmed": "not confirmed, {date}",
}

SIDES = {
    "you": "It is on your side.",
    "network": "It is the network on the way.",
    "server": "It is on the server's side.",
    "nobody": "It is nobody's fault.",
    "unknown": "Whose side it is on, this alone does not say.",
}
"""Whose side a diagnosis is on."""

FACTS_OF_LINES = {
    "implicit": "SSL/TLS: {}",
    "starttls": "STARTTLS: {}",
    "default": "Where nothing is set: {}",
    "mistake": "Usual mistake: {}",
}
"""What is told beside the lines of a framework."""

TEST_LABEL = "A test from a shell"

READS_LIKE = "This reads like: {}."
"""What rests on somebody's words."""

OR = "Or: {}."
UNDECIDED = "I am not sure what this is about. Which is it?"
SETTLES = "The whole line of the error, or the question in a few words, would settle it."
"""What is asked back where as much speaks for several readings."""

CHOSEN_ROLES = {
    "submission": "an app or a mail client hands mail in (587 with STARTTLS, 465 with SSL/TLS)",
    "relay": "a mail server delivers to other servers (25)",
    "receive": "mail from others does not come in (25 inbound)",
}
"""Roles that are put to choice."""

PROPER = frozenset(
    {"Microsoft", "Postfix", "Exim", "System.Net.Mail", "SMTP", "STARTTLS", "AUTH", "DMARC", "DANE", "MTA-STS", "SPF"}
    | {"DKIM", "TLS", "IPv6", "Google", "Gmail", "LMTP", "PowerMTA"}
)
"""Words that keep their capital within a sentence."""

NOT_THE_PORT = "Another port does not help."
HARDLY_THE_PORT = "Another port is not likely to help."
DELIVERY_STAYS = "Delivery to other servers stays on 25"
GENERAL_RULE = "If an app or a mail client hands mail in: {}"

SYMPTOMS = {
    # no connection
    "refused": "The connection was refused: nothing listens on that port, or a firewall rejects it.",
    "refused_on_the_way": (
        "The connection was refused, and your provider does listen on that port: a firewall rejects it, mostly that of "
        "your own machine, network or host."
    ),
    "no_answer": "Nothing answers on that port: most often the network you send from drops it without a word.",
    "host_unreachable": "A firewall or router on the way says that the host cannot be reached on that port.",
    "connect_failed": (
        "No connection came about: a blocked port, a wrong host or the wrong TLS mode; the lines before it in the "
        "log say which."
    ),
    "network_unreachable": (
        "Your machine has no route there: an IPv6 address without IPv6 (use IPv4 only; in Postfix inet_protocols = "
        "ipv4), a web host that bars SMTP to others (use its own mail server), or it is offline."
    ),
    "no_ipv6_route": (
        "The name led to an IPv6 address and your machine has no IPv6 route: have the client use IPv4 (in Postfix "
        "inet_protocols = ipv4), or mend IPv6."
    ),
    "ipv6_silent": (
        "The client tried an IPv6 address and got no answer: mostly the container, machine or network has no working "
        "way out by IPv6. Have the client use IPv4 (or mend IPv6); the port may stay. If IPv4 times out as well, the "
        "network drops that port."
    ),
    "forbidden_here": (
        "Your own machine forbids the connection: a local firewall, SELinux, a sandbox, an antivirus or the access "
        "list of the program itself."
    ),
    "source_address": (
        "Your machine has no address to connect from: mostly IPv6 without IPv6 (use IPv4 only), else a bind address "
        "that is not its own, or its ports are used up."
    ),
    "name_unknown": (
        "The host name does not resolve: look for a typo, and for DNS in the container or machine that sends."
    ),
    "dns_silent": "The resolver of your machine or container does not answer: mend DNS there, then retry.",
    # a connection that comes to nothing
    "connection_reset": "Something cut the connection: the server, or a firewall on the way; note after which step.",
    "closed_early": (
        "The server hung up without a word: a wrong TLS mode for the port, a limit, or an address that it does "
        "not want."
    ),
    "closed_at_login": (
        "The server hung up during the login: mostly the user, the password or the API key is not the one that it "
        "wants, or it bars the account or the address that connects. Its own log says which."
    ),
    "no_greeting": (
        "The connection stands, but no greeting comes: a client without TLS on a TLS port, a filter, or a server "
        "that lets strangers wait."
    ),
    "silent_on_465": (
        "On 465 the server waits for TLS from the first byte, and a client that speaks plain text or STARTTLS "
        "waits as well: set it to SSL/TLS there, or use 587 with STARTTLS."
    ),
    "no_implicit_tls": "System.Net.Mail knows STARTTLS only and hangs on 465: use 587 with EnableSsl, or MailKit.",
    "greeting_late": (
        "The connection stands, but the greeting comes only once the client has spoken: something between (a service "
        "mesh, a proxy that guesses protocols) waits for the client, and in SMTP the server begins. Have it pass the "
        "port on as plain TCP."
    ),
    "broke_after_connect": (
        "A connection came about, so the port is not blocked: it stalls or ends after that. Look at the TLS mode for "
        "the port, at the host and port that the program really uses, and at the server's log."
    ),
    "broke_at_exchanger": (
        "The MX was reached, so 25 is open: it, or something between, ends the session. Look for its words just "
        "before, for your reverse DNS and name in EHLO, and for blocklists."
    ),
    # TLS
    "certificate_self_signed": (
        "The certificate is signed by nobody whom the client trusts: put one of a public CA on the server, or "
        "give the client its CA; do not switch the check off."
    ),
    "certificate_chain": (
        "The certificate cannot be followed to a trusted CA: the client does not know the CA (one of your own goes "
        "into its list, in Java into the truststore; an old list wants an update), or the server leaves its "
        "intermediate certificates out."
    ),
    "certificate_expired": (
        "The certificate is out of date: its owner has to renew and load it; look at your clock, too."
    ),
    "certificate_name": (
        "The certificate is for another name: connect by a name that it has, not by an alias or address."
    ),
    "certificate_untrusted": (
        "The client does not trust the certificate: its list of CAs is old or lacks the issuer (ca-certificates in "
        "a new image or an old system), or the server's chain, name or date is amiss. Do not switch the check off."
    ),
    "client_tls": (
        "This is the server's side of a failed TLS handshake: the client that connects has no TLS version or cipher "
        "that the server takes, begins in the wrong mode, distrusts the certificate, or is a scanner that just left."
    ),
    "tls_version": "Client and server have no TLS version in common: update the old one of the two.",
    "tls_cipher": "Client and server have no cipher in common, or a key is too weak: update the old one of the two.",
    "handshake_failed": (
        "The TLS handshake fails: look at certificate, TLS version and mode; the cause stands in the log."
    ),
    "mode_mismatch": (
        "The kind of encryption and the port do not go together: 465 wants SSL/TLS, 587 and 25 want STARTTLS."
    ),
    "web_server": (
        "What answers there is a web server or proxy, and no mail server: the port or the host is another one's."
    ),
    "starttls_not_offered": (
        "The server offers no STARTTLS there: it may have no TLS set up, or want it from the first byte (465), or a "
        "device on the way takes the offer out."
    ),
    "tls_policy": (
        "Your policy wants TLS and the server offers none that meets it: ask its operator, or loosen the policy "
        "for this destination."
    ),
    # login
    "auth_not_offered": "The server offers no login there: begin TLS first, and use 587 or 465 in place of 25.",
    "clear_login": "The client refuses to send a password without TLS: use STARTTLS on 587 or TLS on 465.",
    "no_credentials": "No user or password was given to the client: look at its settings and environment.",
    "app_password_wanted": (
        "This provider takes no ordinary password for SMTP: make an app password in the account's security settings "
        "and put it there, with the whole address as user. If it is one already, make a new one, or type it anew."
    ),
    "login_host": "The login was made for another host name than the one connected to: use the same name for both.",
    "no_mechanism": (
        "Postfix found no way to log in that it may use: install the modules of SASL (libsasl2-modules), set "
        "smtp_sasl_security_options = noanonymous, and begin TLS first."
    ),
    "table_missing": (
        "Postfix does not find a table that it was told of, such as the one with the passwords: make it with postmap, "
        "in the format that is set, and reload."
    ),
    "wrappermode": (
        "Postfix speaks STARTTLS unless it is told otherwise: for 465 set smtp_tls_wrappermode = yes and "
        "smtp_tls_security_level = encrypt, or use 587."
    ),
    "no_login_on_25": (
        "No such login was offered on 25, mostly because TLS was not begun. Without a login: the tenant's MX or a "
        "connector, on 25."
    ),
    "no_common_login": (
        "Client and server have no way to log in in common: the server may want OAuth, or TLS first; without a "
        "login, a relay that knows you by address."
    ),
    "smtp_auth_off": (
        "Microsoft 365 refuses the login whatever the password: SMTP AUTH is switched off, for the tenant or for the "
        "mailbox as the reply says. An administrator switches it on (SmtpClientAuthenticationDisabled = $false, by "
        "Set-TransportConfig or Set-CASMailbox); security defaults bar it all the same."
    ),
    "basic_auth_off": (
        "Microsoft 365 takes no password for this account: basic authentication is off by a policy of the tenant. Log "
        "in with OAuth, or have an administrator allow it for SMTP as long as Microsoft does; what can do neither "
        "sends through another relay, or on 25 to the tenant's own MX, for its own recipients."
    ),
    "security_defaults": (
        "The tenant's security defaults bar logins with a password, so it may well be right: log in with OAuth, or "
        "have an administrator use Conditional Access in place of security defaults, leave this account out, and "
        "switch SMTP AUTH on for it."
    ),
    "access_policy": (
        "Microsoft 365 bars this login by a rule, and not for a wrong password: mostly SMTP AUTH is off for the mailbox"
        ", or Conditional Access or multi-factor login stands before it. The sign-in log in Entra names the rule; an "
        "administrator changes it, or the app logs in with OAuth."
    ),
    "m365_password": (
        "Microsoft 365 says that user or password is wrong: the user is the whole sign-in name of a mailbox of its own "
        "(a shared mailbox or alias has no login), the password that of today, without what a file or form changed."
    ),
    "m365_login": (
        "Microsoft 365 refuses the login without saying why: SMTP AUTH is off for the tenant or the mailbox, security "
        "defaults or a policy bar passwords, user (the whole address) or password is wrong, or with OAuth the token "
        "may not send (SMTP.Send). The sign-in log in Entra tells which."
    ),
    "m365_no_login": (
        "Microsoft 365 (or an Exchange) saw no login: switch authentication on, behind STARTTLS on 587. A client that "
        "skips it was mostly offered none (TLS was not begun, or SMTP AUTH is off for the mailbox). What cannot log in "
        "sends on 25 to the tenant's own MX or by a connector, not to smtp.office365.com."
    ),
    "exchange_method": (
        "Exchange and Microsoft 365 do not take the kind of login that the client chose: set it to LOGIN (in place of "
        "PLAIN, CRAM-MD5 or NTLM) or OAuth, and begin STARTTLS first; if LOGIN is refused as well, it is off for the "
        "mailbox or, on an Exchange of your own, for that connector. The tenant's MX and relays by address take none: "
        "leave user and password empty there."
    ),
    "connector_unmatched": (
        "Microsoft 365 relays to others only for servers that one of its inbound connectors knows, and none matches "
        "this address or certificate (mostly a public IP that changed): mend the connector, or log in on 587. Without "
        "either, on 25, only recipients of the tenant's own domains are reached."
    ),
    # replies
    "tls_or_login_needed": "The server wants STARTTLS or a login before mail: turn both on, on the submission port.",
    "tls_or_login_unavailable": (
        "For now the server has no TLS (after STARTTLS) or cannot check logins (after AUTH): retry in some "
        "minutes, and tell its operator."
    ),
    "relay_or_policy": (
        "Refused by a rule: without a login it mostly means that relaying is denied; else the sender, the address "
        "that connects or the content. The words behind the code say which."
    ),
    "deferred": (
        "The receiver asks to come back later: greylisting, a rate limit or reputation. The queue retries; send "
        "less at a time, and read the words behind the code."
    ),
    "recipients_refused": (
        "The server refuses the recipients: mostly for want of a login (relaying), or there is no such mailbox. "
        "Each reply says which."
    ),
    "not_accepted": (
        "What came in place of a greeting is none: a refusal (421, 554: its text says why), TLS on a port that was"
        " spoken to in plain text, or no mail server."
    ),
    "sender_refused": (
        "The server refuses the sender's address: send from one that is the account's own, whole, and of a domain that "
        "exists."
    ),
    "client_refused": (
        "An access rule of the server refuses the machine that connects: its operator can let the address in, and the "
        "words behind the code say more. On 587 and 465 such a rule mostly wants a login first."
    ),
    "reply_address": (
        "The server refuses an address of the mail: the words behind the code say whether it is the sender's or a "
        "recipient's."
    ),
    "reply_mailbox": "The recipient's mailbox cannot take the mail: it is full, switched off, or the mail is too big.",
    "reply_system": "The receiving system cannot take mail now, or none of this kind: its operator can tell.",
    "reply_route": "The server could not pass the mail on: it is the way behind it that fails, not the one to it.",
    "reply_protocol": (
        "Client and server disagree on a command or on the order of commands: the command just before the reply is "
        "the one."
    ),
    "reply_content": "The connection and the addresses were fine: the server refuses the mail itself or what is in it.",
    "refused_for_good": (
        "The server refuses for good and says why in the words behind the code, which are not known here: go by them."
    ),
    "own_server_refuses": (
        "This is your own server's log: it refused a client, for what stands behind the code. If that is one of yours, "
        "have it log in on 587 or 465, let its address in, or mend what is named; a stranger is rightly refused, "
        "unless it brings mail for your own users: then their "
        "domain is not set up as the server's own, or a rule or a check of it is too strict."
    ),
    "tls_unverified": (
        "That is no error: TLS came about, and the other server's certificate was not checked against a CA, as is "
        "usual between mail servers on 25. The mail is encrypted on that way; a TLS policy for the domain asks for "
        "more."
    ),
    "client_login_failed": (
        "This is a mail server's own log: a client could not log in there. From addresses that are none of yours it is "
        "strangers who guess passwords, which every server sees and which does no harm while they fail (fail2ban shuts "
        "them out). If it is a user or app of yours, its user name or password is wrong."
    ),
    "client_in_tls": (
        "This is your own server's log: a client sent bytes that are no SMTP command, mostly TLS on a port that begins "
        "in plain text, and left; nothing was refused. If it is one of yours, set it to STARTTLS (SSL/TLS is for 465); "
        "a stranger is a scanner and harmless."
    ),
    "client_silently_left": (
        "This is your own server's log: a client connected and left without a command. Nothing was refused; mostly it "
        "is a scanner or a health check, which does no harm."
    ),
    "client_left": (
        "This is your own server's log: the client ended the session; this line alone shows no refusal. A scanner or "
        "monitor does no harm. If it is a client of yours, its own log has the reason, or the lines before this one."
    ),
    "one_destination": (
        "Another destination answers you on 25, so your network lets 25 out. What fails is this destination, the route "
        "to it, or what it holds against your address: try it from another network. Delivery stays on 25, and the "
        "queue retries."
    ),
    "relaying_either_way": (
        "The server does not pass mail on from this client to that domain. Mail that you hand in: log in, on 587 or "
        "465, or have the address you send from let in (Postfix: mynetworks). Mail that others send to you: the server "
        "does not have the domain as its own, or the MX points to the wrong server."
    ),
    "about_reading": (
        "This is about reading mail (IMAP, POP3), not about SMTP: the usual ports are 993 and 995 with SSL/TLS."
    ),
    # queues
    "mx_lookup_failed": "No mail server was found for the domain: look at its MX records, and at DNS on your machine.",
    "recipient_domain_unknown": (
        "The domain of the recipient does not exist, so there is nowhere to deliver: look for a slip in the address "
        "(gmial, .con), and send it again to the right one."
    ),
    "mail_loops_here": (
        "The MX points to this very machine, which does not take the domain for its own: add it to the local "
        "domains (mydestination), or mend the MX."
    ),
    "retry_time": (
        "Exim keeps an older failure of this host: the first error in the log is the cause; its retry record can "
        "be removed (exim_tidydb)."
    ),
    # that follow from the peer
    "delivery_blocked": (
        "Port 25 towards other mail servers does not get out of your network. An MX takes mail on 25 only: have "
        "25 opened, or hand everything to a relay service."
    ),
    "delivery_silent": (
        "That mail server cannot be reached on 25. If others cannot, either, your network lets no 25 out (have it "
        "opened, or hand everything to a relay service); if they can, it is down or shuts you out. An MX takes mail on "
        "25 only."
    ),
    "delivery_refused": (
        "The MX, or a firewall before it, refuses connections on 25; other servers take mail nowhere else. If "
        "other MX refuse too, have 25 opened, or hand everything to a relay service."
    ),
    "own_address": (
        "The mail server tries to reach itself, or a neighbour, by its public address, which many routers do not "
        "turn back (hairpin NAT). Have it take the domain as local (mydestination), or use the inner address. Other "
        "mail tells whether 25 is open."
    ),
    "other_answers": (
        "What answers is not this provider: by its greeting or certificate it is a mail server of your web host or "
        "network, which catches the connection. Use that server with a login of its own, the provider's HTTPS API, or "
        "ask the host to let you out."
    ),
    "not_verified": (
        "Amazon SES sends only from addresses and domains that are verified in that region, and in its sandbox only to "
        "such: verify it, or ask for production access."
    ),
    "own_delivery_broken": (
        "Your own Postfix could not do its part: a delivery program that died, or a TLS setting (policy table, CA "
        "file) that it cannot use. The warning just before in the log says which; the other side is not at fault."
    ),
    "usual_greeting": (
        "These lines are the usual greeting of an Exim server, as on cPanel hosting, and no refusal: the port "
        "answers. What fails comes after them, mostly TLS or the login (the full address)."
    ),
    "user_in_url": (
        "In an address such as smtp://USER:PASSWORD@HOST an @ in the user is written %40, and the other special "
        "characters of the password in the same way; else the host is read wrongly."
    ),
    "client_too_old": (
        "The client asks only for TLS versions that are switched off as unsafe: update it or its runtime, or have it "
        "use TLS 1.2 (JavaMail: mail.smtp.ssl.protocols=TLSv1.2). The server and its port are fine."
    ),
    "inbound_closed": (
        "Other servers cannot reach your own on 25, and they deliver nowhere else: open 25 inbound and forward it to "
        "the server; where your provider closes it, only another place for the MX helps."
    ),
    "workspace_relay": (
        "Google's relay (smtp-relay.gmail.com) takes mail only where an administrator of Google Workspace let it in: "
        "for senders of its domains, from an address on the list or with a login. A gmail.com account uses "
        "smtp.gmail.com with an app password."
    ),
    "intercepted": (
        "This provider's certificate is a public one: the client or its container has no list of CAs or an old one "
        "(install or update ca-certificates; in Java its truststore), or an antivirus, a proxy or the network shows "
        "its own in its place. Do not switch the check off."
    ),
    "not_served": "The provider takes no mail on that port, from any network: it is not blocked, but the wrong one.",
    "wrong_port": "That is no port on which mail is handed in: use the one of your provider.",
    "exchanger_for_submission": (
        "That host takes mail from other servers on 25, and no logins: to hand mail in, the provider has another one."
    ),
    "exchanger_on_25": (
        "An MX takes mail from other servers on 25 alone; 465 and 587 are never there. Where 25 is closed to you, "
        "hand the mail to a relay service, or do this from a network that lets 25 out."
    ),
    "host_with_scheme": (
        "The setting for the host holds an address of the web (with http:// or the like): put the bare name there, and "
        "the port where it belongs."
    ),
    "port_taken": (
        "Another program on that machine already listens on the port: stop one of the two, or give yours another port."
    ),
    "not_set_up": (
        "The app was given no mail server, or sends before it has connected to one: see that its settings are read, "
        "and what failed before."
    ),
    "starttls_only": (
        "TLS was begun on a port that starts in plain text, and this provider is not known to have another: set the "
        "client to STARTTLS (SSL off, TLS or STARTTLS on)."
    ),
    "host_bars": (
        "Most web hosts bar SMTP to other providers: send through the host's own mail server or the provider's HTTPS "
        "API, or have the host let you out. The port is the provider's, and another one mostly fares no better."
    ),
    "own_server_cuts": (
        "A mail server of your own network, or a firewall before it, breaks the connection off: its log at that "
        "time says why. After STARTTLS it is TLS there: certificate, version, inspection."
    ),
    "plain_on_465": (
        "On 465 TLS was begun and something answered in plain text: the server is set wrongly there, it is another"
        " host, or a proxy or antivirus stands between."
    ),
    "own_certificate": (
        "The certificate is that of your own server or bridge, which no public CA signed: give the client that "
        "certificate or its CA, and connect by a name that it has."
    ),
    "no_mailer": (
        "PHP or the app calls a local mail program (sendmail) that is not there: install one, or have it send by SMTP "
        "through a provider."
    ),
    "address_without_port": (
        "The setting wants the host with its port, such as smtp.example.com:587, and only the host is there."
    ),
    "service_unnamed": (
        "The machine does not know the service by its name (Postfix's chroot often lacks /etc/services): give the "
        "port as a number, or put the file there."
    ),
    "local_service": (
        "A service inside the mail server is not there, such as the socket for logins, a filter or a policy "
        "service: see that it runs and that the path is right."
    ),
    "relay_at_exchanger": (
        "The recipient's server does not know the domain as its own: the domain's MX names the wrong server, or that "
        "server has yet to be told of it, which is for its operator. If that host is your own relay, it wants a login "
        "or your address on its list."
    ),
    "talks_to_itself": (
        "The client talks to its own machine or container, where nothing listens on that port. If the mail server is "
        "there, start it, publish its port (a container) or set the one that it listens on; in a container localhost "
        "is the container, so set the host: the service name of a neighbour (with the port inside), "
        "host.docker.internal, or your provider's."
    ),
    "talks_to_docker_host": (
        "The client talks to the Docker host or a neighbour container, and nothing answers: have the mail server "
        "listen on that address and let the firewall pass it, or set your provider's host."
    ),
    "private_host": (
        "The address is a private one of your own network: see that a mail server listens there and that the "
        "firewall lets you in, or set your provider's host."
    ),
    "local_without_starttls": (
        "The mail server on this machine offers no STARTTLS. On loopback none is needed: switch the demand for "
        "TLS off for it, or set your provider's host."
    ),
}
"""What a symptom means and what to do."""

_DIAGNOSES = {**WORDS.MEANINGS, **SYMPTOMS}


def diagnosis_words(code: str) -> str | None:
    """What a diagnosis means: a reply's as `/smtpcheck` tells it; None of a code that another version stored."""
    situation = situations().get(code)
    return situation.says if situation else _DIAGNOSES.get(code)
