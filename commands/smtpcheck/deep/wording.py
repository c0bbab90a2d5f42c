"""The words of what only a deep check finds. Data, and the line that tells a sweep of TLS versions."""

from collections.abc import Mapping

from commands.check_words import TLS_WORDS

FINDINGS: Mapping[str, str] = {
    "old_tls_accepted": (
        "Port {port} still accepts TLS {versions}, which RFC 8996 forbids. Clients that can do better get better; "
        "switch it off once none is left that needs it."
    ),
    "hidden_starttls": (
        "Port {port} accepts STARTTLS ({version}) without announcing it: clients look for the announcement and send in "
        "the clear. Either the server hides it on purpose, or something on the way removes it from the EHLO reply."
    ),
    "starttls_flapping": (
        "Port {port} announced STARTTLS in {offers} of {looks} connections: servers behind one address differ, or "
        "something on the way interferes. Clients that require TLS fail now and then, the others send in the clear."
    ),
    "tls_flapping": (
        "TLS on port {port} came about in {good} of {tries} handshakes: servers behind one address differ, one is "
        "overloaded, or something on the way interferes. Clients fail now and then."
    ),
    "cert_differs": "Port {port} shows another certificate {where}: for {names}, valid until {ends}.",
    "family_differs": (
        "Over {family} ({address}) port {port} is another service: {state_words}, TLS {tls_words}. "
        "Which of them a client meets depends on its network."
    ),
    "family_refused": (
        "Over {family} ({address}) port {port} refuses connections, although DNS announces the address: clients that "
        "prefer {family} lose time or fail."
    ),
    "family_silent": (
        "Over {family} ({address}) port {port} did not answer: a firewall of theirs, or {family} does not work here. "
        "Nothing more was asked over {family}."
    ),
    "family_unreachable": "No connection over {family} ({address}) from here: nothing is known of it.",
    "deep_cut_short": (
        "The server did not let in a further connection to port {port} ({said}), so the deep check stopped there: what "
        "it did not see is not known."
    ),
    "deep_unfinished": (
        "Not looked at on port {port}, because the connections or the time of one deep check were used up: {unasked}. "
        "Check this port alone, deep."
    ),
}

UNASKED: Mapping[str, str] = {
    "family": "the other address family",
    "hidden": "STARTTLS without its announcement",
    "versions": "the TLS versions",
    "again": "whether STARTTLS is announced each time",
    "no_name": "TLS without the name",
}
"""What further connections are for: the `unasked` of `deep_unfinished`."""

WHERE: Mapping[str, str] = {
    "family": "over {family} ({address})",
    "no_name": "to a connection that does not name the host in the handshake (SNI)",
    "again": "on another connection to the same address",
}
"""Where another certificate was seen: the `how` of `cert_differs`."""

UNSWEPT = (
    "TLS versions were not asked for on {ports}: a deep check sweeps one port of each TLS mode. Check one alone to "
    "learn them."
)

LISTS: Mapping[str, str] = {"yes": "accepts TLS {}", "no": "refuses {}", "unknown": "not known: {}"}


def tls_words(state: str, version: str) -> str:
    """`TLSv1.3`, or why there is none."""
    return number_of(version) or TLS_WORDS.get(state, state.replace("_", " "))


def versions_words(versions: Mapping[str, str]) -> str:
    """`accepts TLS 1.2, 1.3; refuses 1.0, 1.1`."""
    told = {answer: [number_of(name) for name, said in versions.items() if said == answer] for answer in LISTS}
    parts = [LISTS[answer].format(", ".join(numbers)) for answer, numbers in told.items() if numbers]
    return "; ".join(parts).replace("refuses ", "refuses TLS ", 0 if told["yes"] else 1)


def number_of(version: str) -> str:
    """`1.0` for what `ssl` calls TLSv1."""
    return {"TLSv1": "1.0"}.get(version, version.removeprefix("TLSv"))
