"""Texts that are known as a whole, by a pattern: courtesies, what somebody did, our network, certificates. Pure."""

import re

from bot.slack.conversation.sentence import patterns, phrases
from bot.slack.conversation.sentence.hosts import hosts_in
from bot.slack.conversation.sentence.phrasing import bare, has, without_courtesies
from bot.slack.conversation.sentence.understood import CHOICE, Understood
from bot.slack.conversation.sentence.which_host import provider_in
from commands.other_words import translated
from commands.slack_text import undo
from commands.spanish import folded
from commands.times import WEEKDAYS
from commands.watch.typed.hours import hours_in
from commands.words import nearest

LONGEST = 600
"""Characters that are looked at."""


def of_everything(text: str) -> Understood | None:
    """Certificates of every host are asked for, whatever was spoken of before."""
    return certificates(text) if has(patterns.OF_ALL, undo(text[:LONGEST])) else None


def courtesy(text: str) -> Understood | None:
    """`hi there`; `ok cheers, that's all`"""
    said = folded(undo(text[:LONGEST])).strip(" .!,?")
    name = "hello" if _GREETING.fullmatch(said) else "thanks" if _CLOSING.fullmatch(said) else ""
    return Understood(phrases.CONVERSATION, name, ordered=True) if name else None


def of_person(text: str) -> Understood | None:
    """`what did @bruno check today?`"""
    match = _PERSON.fullmatch(text.strip(" ?!.¿"))
    if match is None:
        return None
    when = translated(match["when"] or "", "smtphistory")
    return Understood("smtphistory", f"by {match['who']} {when}".strip(), ordered=True)


def changes_of_person(text: str) -> Understood | None:
    """`what did @bruno change?`: of a mere name the log shows whose each line is."""
    match = _CHANGED.fullmatch(text.strip(" ?!.\u00bf"))
    if match is None or (match["name"] and provider_in(match["name"])):
        return None
    who = f"by {match['who']}" if match["who"] else ""
    when = translated(match["when"] or "", "smtphistory")
    return Understood("portero", " ".join(filter(None, ("log", who, when))), ordered=True)


def digest(text: str) -> Understood | None:
    """`set a daily digest at 9 in #mailops`, `turn off the digest`: as it is typed."""
    said, channel = _bare(text), _CHANNEL.search(text[:LONGEST])
    if _DIGEST_OFF.fullmatch(said):
        return Understood("smtpwatch", "digest off", ordered=True)
    match = _DIGEST.fullmatch(said)
    if match is None or not any(match.groupdict().values()):
        return None
    often = next((day for day in _OFTEN if day in said), "daily").replace("week", "weekly")
    hour = int(match["hour"] or 9) + 12 * (match["half"] == "pm" and int(match["hour"]) < 12)
    at = f"{hour:02}:{match['minute'] or '00'}"
    where = f"in {channel[0]}" if channel else ""
    return Understood("smtpwatch", " ".join(filter(None, ("digest", often, at, where))), ordered=True)


def tag_renamed(text: str) -> Understood | None:
    """`rename the tag prod to live`: what comes to it in two steps."""
    match = _RENAMED.fullmatch(_bare(text))
    if match is None:
        return None
    lines = [f"tag tag:{match['old']} {match['new']}", f"untag tag:{match['old']} {match['old']}"]
    return Understood(phrases.CONVERSATION, CHOICE, ordered=True, value="\n".join(["tag", *lines]))


_RENAMED = re.compile(
    r"(?:rename|change|replace|renombra|cambia|sustituye)(?: the| la| el)? (?:tag|label|etiqueta) (?:tag:)?"
    r"(?P<old>[a-z0-9][a-z0-9_-]{0,29}) (?:to|as|with|by|into|a|por|como) (?:tag:)?(?P<new>[a-z0-9][a-z0-9_-]{0,29})"
)
_CHANGED = re.compile(
    r"what (?:did|has) (?:(?P<who><@[UW][A-Z0-9]+(?:\|[^<>]*)?>)|(?P<name>(?!i |we |you |it )\w{2,30})) "
    r"(?:been )?(?:chang(?:e|ed|ing)|delet(?:e|ed|ing)|mut(?:e|ed|ing)|edit(?:ed|ing)?)"
    r"(?: (?P<when>(?!in |on |at )\D.{1,30}))?",
    re.IGNORECASE,
)
_CHANNEL = re.compile(r"<#[^<>\s]{3,120}>|#[\w-]{1,80}")
_OFTEN = (*WEEKDAYS, "week")
_DIGEST_OFF = re.compile(
    r"(?:turn off|switch off|stop|disable|cancel|end|no more|remove|delete|quita|desactiva|para) "
    r"(?:the |this |our |my |el )?(?:daily |weekly )?(?:digests?|resumen(?: diario)?)|turn (?:the )?digest off"
)
_DIGEST = re.compile(
    r"(?:(?:set(?: up)?|make|create|send|schedule|post|give|start|enable|turn on) )?(?:me |us )?(?:a |the )?"
    r"(?P<period>daily |weekly )?digest(?P<often> (?:every|each) (?:day|morning|week|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?: morning)?)?"
    r"(?P<time> at (?P<hour>1?\d|2[0-3])(?::(?P<minute>[0-5]\d))? ?(?P<half>am|pm)?)?"
    r"(?P<place> (?:in|to|for) #[\w-]+)?"
)
_GREETING, _CLOSING = re.compile(patterns.GREETING), re.compile(patterns.CLOSING)
_PERSON = re.compile(
    r"(?:what (?:has|did|was|is)|qu[eé] (?:ha|hizo|ha hecho)) (?P<who><@[UW][A-Z0-9]+(?:\|[^<>]*)?>) ?"
    r"(?:been )?(?:up to|do|doing|done|check(?:ed|ing)?|ask(?:ed)?|test(?:ed)?|look(?:ed)? at|comprobado|hecho|mirado)?"
    r"(?: (?P<when>.{1,30}))?",
    re.IGNORECASE,
)


def own_network(text: str) -> Understood | None:
    """`is 25 blocked here?`, `which ports are blocked for us?`"""
    said = _bare(text)
    match = next((found for one in _OWN_NETWORK if (found := one.fullmatch(said))), None)
    if match is None:
        return None
    port = match.groupdict().get("port") or ""
    return Understood("smtpcheck", f"network {port}".strip(), ordered=True)


def certificates(text: str) -> Understood | None:
    """`which hosts have certificates ending soon?`, `any expired certs?`"""
    said = _bare(text)
    if not hosts_in(said) and _EXPIRED.fullmatch(said):
        return Understood("smtphistory", "cert_expired", ordered=True)
    if hosts_in(said) or not _ENDING.match(said):
        return None
    times = _UNTIL_WHEN.search(translated(said, "smtphistory"))
    until = times[0].replace("the next ", "").replace("before ", "until ") if times else ""
    return Understood("smtphistory", f"certificates {until}".strip(), ordered=True)


def certificates_wanted(text: str) -> Understood | None:
    """`warn me before certificates run out`: each watch does, of the host that it is on."""
    said = _bare(text)
    if hosts_in(said) or not _WARNS.fullmatch(said):
        return None
    return Understood(phrases.CONVERSATION, CHOICE, ordered=True, value="certificates\nadd\nlist")


def quiet_hours(text: str) -> Understood | None:
    """`don't wake me between 10pm and 6am`: of a person there are none."""
    said = _bare(text)
    if hosts_in(said) or not _UNDISTURBED.fullmatch(said):
        return None
    return Understood(
        phrases.CONVERSATION, CHOICE, ordered=True, value="\n".join(["quiet hours", *_this_night(said), "list"])
    )


def _this_night(said: str) -> list[str]:
    hours = hours_in(said.split())
    return [f"mute all until {hours[1]:%H:%M}"] if hours else []


_WARNS = re.compile(
    r"(?:(?:please )?(?:warn|tell|alert|notify|remind|ping|email) (?:me|us)|(?:let (?:me|us) )?know|avisa(?:me|nos)|"
    r"alerta(?:me|nos))(?: (?:\d+ (?:days|dias)|in time|early|con tiempo))? "
    r"(?:before|when|if|about|antes de que|cuando|si) "
    r"(?:(?:the|our|my|any|a|all|some|un|los|nuestros|el|algun) )*"
    r"(?:tls |ssl )?(?:certs?|certificates?|certificados?) .{3,40}|"
    r"(?:avisa(?:me|nos)|alerta(?:me|nos)) (?:antes de que|cuando|si) (?:vayan a )?(?:caduc|caduqu|venc|venz|expir)\w+ "
    r"(?:(?:los|nuestros|el|algun|un) )*certificados?"
)
_UNDISTURBED = re.compile(
    r"(?:(?:please )?(?:do not|don'?t|never|no) "
    r"(?:wake|page|ping|alert|disturb|bother|call|notify|message|me |nos )?.{0,30}"
    r"(?:me|us|despiertes|molestes|avises|llames)(?: up)?|no (?:alerts?|pages?|messages?|avisos|alertas)|quiet hours|"
    r"(?:be|keep) quiet|silencio)(?: (?:every|each|at|cada) \w+)? "
    r"(?:between|from|after|at night|entre|de|desde|por la noche)"
    r"(?: .{1,40})?"
)


def _bare(text: str) -> str:
    return bare(undo(text[:LONGEST]))


_ENDING, _EXPIRED, _UNTIL_WHEN = map(re.compile, (patterns.ENDING, patterns.EXPIRED, patterns.UNTIL_WHEN))
_OWN_NETWORK = [re.compile(pattern) for pattern in patterns.OWN_NETWORK]


def ours(text: str) -> Understood | None:
    """`is our mail ok?`: what is watched is known."""
    return Understood("smtpwatch", "list down", ordered=True) if _OURS.fullmatch(_bare(text)) else None


_OURS = re.compile(patterns.OURS)


def note(text: str) -> Understood | None:
    """`note: the disk was replaced`, below no alert: the command knows what is down."""
    match = _NOTE.match(undo(text[:LONGEST]))
    return Understood("smtpwatch", f"note {match[1].strip()}") if match else None


_NOTE = re.compile(r"\s*(?:note|nota)\s*:\s*(\S.*)", re.IGNORECASE | re.DOTALL)


def smtp_check(text: str) -> Understood | None:
    """`smtp check mail.example.com 587 pls`, with a slip in it or without."""
    verb, _, what = _SMTP.sub("", without_courtesies(undo(text[:LONGEST]))).strip().partition(" ")
    line = _OF.sub("", translated(what, "smtpcheck"))
    words = set(folded(line).split()) - {host.name for host in hosts_in(line)}
    is_mere = all(word.isdecimal() or word in BESIDE_HOSTS for word in words)
    if not verb.isalpha() or not hosts_in(line) or not is_mere or not nearest(folded(verb), CHECKS, CLOSE):
        return None
    return Understood("smtpcheck", line, ordered=True)


CHECKS, CLOSE = ("check", "test", "probe", "verify", "comprueba", "revisa", "verifica", "chequea", "prueba"), 80
BESIDE_HOSTS = frozenset({"port", "ports", "and", "on", "deep", "again"})
_SMTP = re.compile(r"(?:smtp|smpt|mail)\s+(?=\w+\s)", re.IGNORECASE)
_OF = re.compile(r"^(?:(?:for|of|on|the|smtp|server|host|de|el|servidor)\s+)+", re.IGNORECASE)
