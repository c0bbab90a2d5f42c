"""What lies outside port and provider: where a program runs and how it is set up. Evidence, and no proof.

Each row is a code and patterns, all of which have to be found in a text in lower case.
"""

import re

from commands.smtpport.evidence.quick_patterns import quick_pattern
from commands.smtpport.question.vocabulary import MAIL_SERVER


def _words(text: str) -> str:
    """A pattern for any of some words or phrases, which may be regular expressions, separated by commas."""
    return rf"\b(?:{'|'.join(item.strip() for item in text.split(', '))})\b"


_WORKS = r"(?<!not )(?<!n't )(?<!\bno )(?<!\bto )" + _words(
    "works?, sends, envia\\w?, manda\\w?, goes, is fine, fine, can(?!'?t| ?not), does(?!n'?t| not), ok, no problems?, "
    "funciona\\w?, va bien, si"
)
_OTHER_PLACES = _words(
    "localhost, locally, in development, on my machine, en local, for me, for us, for others, for everybody else, "
    "at home, from home, en casa, desde casa, phone, "
    "mobile data, movil, conexion del movil, mobile network, hotspot, datos, tether\\w*, laptop, vpn, elsewhere, "
    "(?:other|another|different|otra|otro) (?:\\w+ )?(?:machine|computer|pc|server|network|host|device|red|equipo|vm)"
)
_ELSEWHERE = rf"{_OTHER_PLACES}[^.\n]{{0,40}}{_WORKS}|{_WORKS}[^.\n]{{0,20}}{_OTHER_PLACES}"
_FAILS = (
    r"\bno (?:e-?)?mails?\b|time|cannot|can not|can't|unable|unreach|no route|refus|fail|hang|never|nothing"
    r"|\bno$|\bnot$|\bnot (?:on|from|in)\b|\bno (?:en|desde)\b"
    r"|\bno (?:conecta|pued|envia|manda|sale|va|deja|llega)"
)

_FUNCTIONS = _words(
    "lambda, vercel, netlify, cloud functions?, cloud run, firebase, serverless, amplify, edge functions?"
)
_SOMETIMES = _words("sometimes, a veces, intermittent\\w*, randomly, not always, only the first, now and then, one in")

_SILENTLY = _words(
    "no errors?, without (?:any )?errors?, sin (?:ning[uú]n )?error(?:es)?, nothing (?:is )?(?:sent|happens|arrives), "
    "(?:is|are|was) (?:not|never) sent"
)

_VARIABLES = _words("environment, env(?:ironment)?[ -]?(?:variables?|vars?)?, variables? de entorno, compose")
_ALREADY = _words(
    "already (?:running|installed|set up), running already, after (?:the )?(?:first|install\\w*), bitnami, "
    "ya (?:est\\w+ )?(?:instalad\\w|corriendo)"
)

_CONTRAST = _words(
    "although, even though, though, but, despite, ignores?, aunque, pero, while, still, keeps?, always, sigue"
)
_SET = (
    _words("typed, entered, set, ignores?, changed, chose, put, configured, puse, cambi\\w+")
    + r"|_(?:host|port)\b|\.env\b"
)
_SAYS = _words("still, keeps?, always, log, says?, shows?, complains?, tries, trying, dice, sigue, message")
_SAYS_PORT = rf"{_SAYS}[^\n]{{0,80}}" + _words(r"port:? ?\d{1,5}, 25, 465, 587, 2525, localhost, 127\.0\.0\.1")

_ASKS_OTHER_PORT = (
    r"\b(?:with|set|use|has|typed|config\w*)\b[^\n]{0,12}\bport:? (\d{2,5})\b[^\n]{0,40}"
    r"\b(?:says|error|exception|message|dice|sagt)\b[\s\S]{0,120}?(?:port:? |:)(?!\1\b)(?:25|465|587|2525)\b"
)

_STARTTLS_WORKS = (
    r"\bstarttls\b[^.\n]{0,30}\b(?:is ok|ok|works?|goes|is fine|fine|funciona)\b[^\n]{0,20}?\b(?:ssl|implicit)\b"
    r"[^.\n]{0,40}\b(?:fails?|not|no|never)\b"
)

_ARRIVES = _words(
    "mails? (?:do |does |still )?arrives?, (?:is|gets|was|are) (?:sent|delivered), (?:los )?correos? llegan?"
)
_AT_END = r"\bquit\b|\bclose\(\)|\bat the end\b|\bafter(?: the)? sending\b"

_SAME_NETWORK = _words(
    "from (?:my|our|the) (?:own )?lan, from inside, desde dentro, "
    "(?:this|the) same (?:host|server|machine), "
    "same (?:router|lan|network|vlan|subnet|nat), behind the same, hair-?pin\\w*, nat loopback, misma red, "
    "misma maquina, mismo servidor, "
    "mismo router, "
    "(?:is|resolves to|by|at) (?:this very|our own|my own|its own|our|my) (?:own )?"
    "(?:server|machine|address|(?:public|wan) (?:ip|address))"
)

_PORTS = _words("ports?, puertos?, 465, 587, 2525")
_OPENED = _words(
    "open(?:ed|ing)?(?! (?:a |the )?connection), allow(?:ed)?, publish\\w*, forward\\w*, expos\\w+, "
    "mapp?(?:ed|ing)?, abr\\w+, abiert\\w+, redirig\\w+"
)
_BY_RULE = (
    r"\badd-port\b|\bufw allow (?!out)|\b(?:inbound|incoming|ingress|entrante) (?:rule|port|traffic|connection)s?\b"
    r"|\b(?:nsg|security group|firewall|rule|regla)\b[^.\n]{0,30}\b(?:inbound|incoming|entrante|de entrada)\b"
)
"""Rules that let others in."""

_OPENS_PORT = rf"{_OPENED}[^.\n]{{0,70}}{_PORTS}|{_PORTS}[^.\n]{{0,50}}{_OPENED}"
_SENDS = _words("send\\w*, smtp, dial, outgoing mail, envi\\w+, mand\\w+")
_DOORS = _words(
    "router, fritz!?box, pfsense, opnsense, mikrotik, nat, security group, "
    "firewall, container, docker, contenedor, cortafuegos, ufw, iptables, firewalld, pod, service, server"
)

_SERVERS = _words(f"mail-in-a-box, docker-mailserver, postfix, exim, {MAIL_SERVER}")
_BY_HTTPS = _words("webmail, activesync, exchange account, sogo, roundcube, snappymail, rainloop")
_CLIENTS = _words("thunderbird, outlook, clients?, outside, phone, apple mail, k-?9, fuera")

_INSTITUTIONS = _words(
    "school, university, uni, campus, hotel, dorm, hospital, universidad, at work, at the office, en la oficina, "
    "(?:work|office|company|corporate|guest|firm) (?:wi-?fi|wlan|networks?|lan|net), red de (?:la )?empresa"
)
_NETWORK_FAILS = r"\b(?:wi-?fi|wlan|network|red)\b[^.\n]{0,60}" + _words(
    "cannot, can not, unable, nothing, fails?, no (?:envia|sale|deja|conecta|pued\\w+)"
)

_NOT_IN = "".join(f"(?<!{words} )" for words in ("without", "without a", "no", "outside", "outside the", "sin"))

_NO_WAY_OUT = _words(
    rf"{_NOT_IN}vpc, vnet, private endpoint, private subnets?, nat gateway, no nat, subred(?:es)? privadas?, "
    "red privada"
)

_GMAIL = (
    r"\bgmail (?:user|account|address|smtp)|\bapp password|@gmail\.com\b|(?:with|via|use|using|over) (?:a )?gmail\b"
)

_ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "workspace_only",
        (r"\bsmtp-relay\.gmail\.com\b", rf"{_GMAIL}|{_FAILS}|\brefus|\btim(?:es|ed)[ -]?out|\bnot work"),
    ),
    ("hosting_relay", (r"\brelay-hosting\.secureserver\.net\b",)),
    ("arrives", (_ARRIVES, _AT_END)),
    ("starttls_works", (_STARTTLS_WORKS,)),
    ("closed_in", (_NO_WAY_OUT,)),
    ("mesh", (_words("istio, linkerd, envoy, sidecars?, service[ -]mesh, consul connect"),)),
    ("frozen", (_FUNCTIONS, rf"{_SOMETIMES}|{_SILENTLY}")),
    ("first_start", (_VARIABLES, _ALREADY)),
    ("setting_unread", (_CONTRAST, _SET, _SAYS_PORT)),
    ("setting_unread", (_ASKS_OTHER_PORT,)),
    ("ip_versions", (_words("ipv6, v6"), _words("ipv4, aaaa, v4"))),
    ("inside_out", (_SAME_NETWORK, _FAILS)),
    ("server_closed", (_SERVERS, _BY_HTTPS, _CLIENTS, rf"{_FAILS}|\bneither\b")),
    ("inbound_only", (_FAILS, _BY_RULE, _SENDS)),
    ("inbound_only", (_DOORS, _OPENS_PORT)),
    ("this_network", (_INSTITUTIONS, rf"{_ELSEWHERE}|{_NETWORK_FAILS}")),
    ("works_elsewhere", (_FAILS, _ELSEWHERE)),
)
"""The surest first; in a row what is found soonest."""

_COMPILED = tuple((code, tuple(map(quick_pattern, patterns))) for code, patterns in _ROWS)

_OUTWARD = re.compile(
    _words(
        "outbound, outgoing, egress, salientes?, salida, block(?:s|ed)?, "
        "to the (?:outside|internet), allow(?:ed|s)? out"
    )
)
"""Who says so has not mistaken the direction."""


def circumstance_of(text: str, *, is_elsewhere: bool = False) -> str | None:
    """What in a text in lower case points to a cause that no port mends. `is_elsewhere`: the server is a provider's."""
    for code, patterns in _COMPILED:
        if is_elsewhere and code in _OF_OWN_SERVERS:
            continue
        if all(pattern.search(text) for pattern in patterns) and not (code == "inbound_only" and _OUTWARD.search(text)):
            return code
    return None


_OF_OWN_SERVERS = frozenset({"inside_out"})
"""What concerns a server in one's own network alone."""
