"""Words of mail and of Portero that people ask the meaning of. Data only.

A row of `TERMS` for each: its names as a pattern, in lower case and without accents, and what it is, as the pages of
`docs/` have it, in two sentences at most. States of a port that have no row are explained by their own sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """`said` is mrkdwn; `offers` are names of `plain_answers.OFFERS`."""

    names: str
    said: str
    offers: tuple[str, ...] = ("check",)


TERMS: Mapping[str, Term] = {
    "starttls": Term(
        "start ?-?tls",
        "*STARTTLS* turns TLS on in a connection that began in clear: on 587 and 2525 before a login, on 25 between "
        "servers that both have it. On 465 there is TLS from the first byte instead.",
        ("check", "port"),
    ),
    "tls": Term(
        "tls|ssl|ssl/tls|tls/ssl|implicit tls|smtps|tls implicito",
        "*TLS* encrypts a connection, and the server's certificate says whose it is; SSL is its old name. On 465 it is "
        "there from the first byte, on 587, 2525 and 25 STARTTLS turns it on.",
        ("check", "port"),
    ),
    "certificate": Term(
        "(?:tls |ssl )?(?:cert|certificate|certificado)s?",
        "A *certificate* shows that a server is the one it is called: an authority issued it for these names, until a "
        "day. An expired one, or one for another name, keeps clients out; on 25 most senders look at none.",
        ("certificates", "check"),
    ),
    "mta-sts": Term(
        "mta-? ?sts|sts",
        "*MTA-STS* is what a domain asks of whoever sends it mail: TLS with a valid certificate, and these MX hosts "
        "alone. It is a TXT record and a policy at `https://mta-sts.example.com/.well-known/mta-sts.txt`; a check of "
        "the domain reads both.",
    ),
    "tls-rpt": Term(
        "tls-? ?rpt|smtp-? ?tls-? ?reporting|tls reports?",
        "*TLS-RPT* is a TXT record of a domain: where senders report that TLS to its mail hosts failed.",
    ),
    "dane": Term(
        "dane|tlsa(?: records?)?|registros? tlsa",
        "*DANE*: a domain with DNSSEC says in TLSA records which certificate its mail hosts show, and senders that "
        "look refuse any other. A check says of each record on 25 whether it holds, where a resolver vouches for "
        "DNSSEC.",
    ),
    "dnssec": Term(
        "dns-?sec",
        "*DNSSEC* signs what is in DNS: a resolver that validates it knows that nobody changed the answer. DANE counts "
        "only with it.",
    ),
    "null mx": Term("null mx|mx nulo", "A *null MX* (`MX 0 .`) says that a domain takes no mail at all."),
    "mx": Term(
        "mx(?: ?records?| hosts?| servers?)?|mail exchangers?|registros? mx|mxs",
        "*MX* records in DNS name the hosts that take mail for a domain; those with the lowest number are tried first. "
        "They carry no port: it is always 25.",
    ),
    "reverse dns": Term(
        "ptr(?: records?)?|reverse dns|rdns|fcrdns|dns inverso|dns inversa|registros? ptr",
        "*Reverse DNS* (PTR) is the name that DNS has for an address. Many servers refuse mail from an address without "
        "one, or whose name does not lead back to it.",
    ),
    "policy records": Term(
        "spf|dmarc|spf and dmarc|spf y dmarc",
        "*SPF* lists in DNS which addresses send for a domain, *DMARC* what receivers do with mail that fails it. A "
        "watch on DNS tells when they change; whether mail passes them I do not look at.",
        ("watch",),
    ),
    "dkim": Term(
        "dkim|domainkeys?",
        "*DKIM* signs mail with a key of its domain, whose public half is in DNS. `/pmta` checks the lines of a config "
        "that name keys; mail itself I do not look at.",
        ("config",),
    ),
    "ehlo": Term(
        "(?:an? )?(?:ehlo|helo)(?: ?names?)?|nombre (?:de )?ehlo",
        "*EHLO* is how a client greets a server, with its own name; servers refuse names that do not lead back to its "
        "address. Mine is in the status.",
        ("status", "check"),
    ),
    "smtp": Term(
        "smtp|esmtp",
        "*SMTP* is how mail is handed over: from an app to its provider on 465 or 587, from server to server on 25.",
        ("port", "check"),
    ),
    "submission": Term(
        "(?:mail )?submissions?|envio autenticado",
        "*Submission* is an app or a mail program that hands mail to its provider, with a login: on 465 with TLS from "
        "the first byte, or 587 with STARTTLS.",
        ("port",),
    ),
    "relay": Term(
        "(?:smtp |mail )?relay(?:ing|s)?(?: service| host)?|smart-? ?host|relayhost",
        "A *relay* takes mail and hands it on. An open one does so for anybody, without a login: it is abused within "
        "days, and lands on blocklists.",
        ("port", "config"),
    ),
    "open relay": Term(
        "open relays?|relays? abiertos?",
        "An *open relay* hands on mail for anybody, without a login: it is abused within days, and lands on "
        "blocklists. `/pmta` finds the lines of a config that make one; a check never tries to send.",
        ("config",),
    ),
    "filtered": Term(
        "filtered|firewalled|dropped|filtrado|filtrada|blocked|bloqueado|bloqueada",
        "*Filtered* or *blocked*: a firewall drops packets, so nobody answers (*no answer* in my tables), or rejects "
        "them. Whose it is I find out with known-good hosts: where they do not answer on that port either, it is "
        "likely our side.",
        ("network", "check"),
    ),
    "control hosts": Term(
        "control hosts?|hosts? de control|controls?",
        "*Control hosts* are known-good servers of other operators. Where they do not answer on a port either, the "
        "block is likely on our side; where they do, on the target's.",
        ("network",),
    ),
    "degraded": Term(
        "degraded|works,? with faults|with faults|degradado|con fallos",
        "*Works, with faults* (`degraded`): something is usable, but a finding below the answer wants to be looked at.",
    ),
    "failed": Term(
        "failed|not usable|unusable|no usable",
        "*Not usable* (`failed`): no port takes mail from here, or the name leads nowhere.",
    ),
    "unknown": Term(
        "unknown|could not be judged|inconclusive|not seen|desconocido|no visto",
        "*Could not be judged*: the server asked us to come back (421), DNS did not answer, or time ran out. What was "
        "not seen is unknown, never bad; a watch calls it *not seen* and raises no alarm.",
    ),
    "blocked here": Term(
        "blocked on our side|blocked[ _]here|bloqueado aqui",
        "*Blocked on our side*: the port does not work to known-good hosts either, or this machine's firewall forbids "
        "it.",
        ("network",),
    ),
    "greylisting": Term(
        "gr[ea]ylist(?:ing|ed)?|lista gris",
        "*Greylisting*: a server answers 4xx to senders that it does not know, and takes the mail when they try again. "
        "It is no outage.",
    ),
    "blocklist": Term(
        "(?:black|block|deny)-? ?list(?:s|ed|ing)?|dnsbl|rbl|listas? negras?",
        "A *blocklist* names addresses that are said to send spam. I look none up; where a server refuses our address "
        "and names one, the check says so.",
        ("check", "network"),
    ),
    "vantage": Term(
        "vantages?|vantage points?|places?|workers?|mta-03|sitios?",
        "A *vantage* is another machine that checks in my place, to see a host from where you really send: "
        "`mail.example.com from mta-03`, or `from all` to compare.",
        ("vantages",),
    ),
    "watch": Term(
        "watch(?:es)?|monitors?|vigilancias?",
        "A *watch* checks a host on a schedule and alerts its channel when something changes for good: two failed runs "
        "open an incident, two good ones end it.",
        ("watch", "list"),
    ),
    "incident": Term(
        "incidents?|outages?|incidentes?|incidencias?",
        "An *incident* is one outage as a watch saw it: two failed runs open it, two good ones end it. It is one "
        "message, and its thread is its story.",
        ("incidents", "list"),
    ),
    "quiet": Term(
        "mut(?:e|ing)|snooz(?:e|ing)|paus(?:e|ing)|ack(?:nowledge)?|silenciar|pausar|posponer|reconocer",
        "*Acknowledge*: you look after it, and it is not told again. *Snooze*: quiet until then; what is still bad is "
        "posted once more. *Mute*: quiet for 7 days unless you say how long. *Pause*: not checked at all until "
        "somebody resumes.",
        ("list",),
    ),
    "flapping": Term(
        "flapping|flaps?",
        "*Flapping*: three incidents of a watch within an hour are told as one, over when it was quiet for an hour.",
        ("list",),
    ),
    "digest": Term(
        "digests?|resumen(?:es)?",
        "A *digest* is a summary of a channel's watches at a fixed time: `/smtpwatch digest daily 09:00`.",
        ("digest",),
    ),
    "deep": Term(
        "deep(?: checks?)?|a fondo",
        "A *deep* check makes up to 20 connections: which TLS versions and ciphers a host takes, and slow greetings, "
        "for which it waits 35 s.",
    ),
    "powermta": Term(
        "pmta|power-? ?mta",
        "*PowerMTA* is a mail server for those who send much. Paste its config, or explain a setting by its name: I "
        "say what is wrong, and what to write instead.",
        ("config",),
    ),
}

_ARTICLE = r"(?:(?:an?|una?|el|la|los|las)\s+)?[\"'“`]?"
_ASKS_WHAT = (
    r"what(?:'s|s| is| are| does| do you mean by)|meaning of|what is meant by|define|explain|"
    r"que (?:es|son|significan?|quiere decir)|significado de|explica(?:me)?(?: que es)?|para que sirven?"
)
_ASKS_BEHIND = r"(?: means?| stand for| here| for me| (?:good |used )?for| all about)?"
ASKED = rf"(?:{_ASKS_WHAT}) {_ARTICLE}(.{{2,40}}?)[\"'”`]?{_ASKS_BEHIND}"
"""How the meaning of a word is asked for: a pattern of the whole. Behind `the` a word is of something that is seen."""

DIFFERENCE = (
    rf"(?:(?:what(?:'s|s| is)|cual es|que) )?(?:(?:the|la) )?(?:difference|diferencia)(?: hay)? (?:between|entre) "
    rf"{_ARTICLE}(.{{2,30}}?) (?:and|y) {_ARTICLE}(.{{2,30}})"
)
