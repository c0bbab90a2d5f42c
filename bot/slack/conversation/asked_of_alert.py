"""What is asked below an alert and its incident itself knows: who looks after it, who was told, when it ends. Pure.

A row of `ANSWERS` for each: patterns of the whole question, in lower case and without accents; a host of the alert that
is named, stands there as `it`. Since when, why and what else: `follow_ups`.
"""

import re
from collections.abc import Callable, Sequence

from bot.slack.conversation.hosts import marked
from bot.slack.conversation.order_words import HOST
from bot.slack.conversation.phrasing import bare
from bot.slack.conversation.understood import Understood
from commands.blocks import actions, button, section
from commands.contract import Reply
from commands.plural import plural
from commands.watch.state.model import Watch
from commands.watch.view.wording import name_of, person, somebody, when
from commands.words import as_typed

MOST = 3
"""Hosts that are named of those that one message tells."""

_IT = (
    r"(?: (?:it|this|that|them|these|this (?:one|alert|incident|outage)|the (?:alert|incident|outage)|of it|ya|now|yet|"
    r"so far|already))*"
)
_LOOKS = (
    r"has|have|had|owns|got|takes|took|taking|handles|handled|handling|fixing|fixes|on|on to|working on|works on|"
    r"dealing with|looks? (?:at|after|into)|looking (?:at|after|into)|investigating|assigned(?: to)?|"
    r"responsible(?: for)?|in charge(?: of)?|pick(?:ed|ing)? (?:it |this )?up|looking|ack'?e?d|acknowledged"
)
_CUIDA = (
    r"(?:(?:lo|la) )?(?:lleva|tiene|atiende|mira|coge|cogio|arregla|ve)|esta (?:con (?:ello|esto|eso)|en (?:ello|"
    r"esto)|mirando(?:lo|la)?(?: esto)?|arreglando(?:lo|la)?)|(?:lo |la )?ha (?:cogido|reconocido|mirado)|"
    r"se encarga(?: de (?:ello|esto))?"
)
_SOMEBODY = "anyone|anybody|someone|somebody|any one"
_TAKE = (
    "take|have a look at|look at|look into|pick up|handle|ack|acknowledge|own|grab|on|looking(?: at| into)?|working on"
)
_BACK = "(?:be|going to|come|get|back|up|fixed|working|work|resolved|over|again|ok|recover|normal|to|take|last|is|down)"
_PAGED = "paged|alerted|notified|told|pinged|warned|informed|mentioned|called|woken(?: up)?"

CARE = (
    rf"who(?:'s|s| is| has| will| was)? (?:already |currently )?(?:{_LOOKS}){_IT}",
    rf"(?:is|has|does|did|will|are) (?:{_SOMEBODY}) (?:already |currently )?(?:{_LOOKS}|look(?: at| into)?|take){_IT}",
    rf"(?:(?:can|could|will|would) )?(?:{_SOMEBODY}) (?:please )?(?:{_TAKE}){_IT}",
    rf"(?:is|are) (?:it|this|they|we) (?:acked|acknowledged|taken|assigned|being (?:handled|looked at|fixed)){_IT}",
    rf"(?:quien|alguien) (?:{_CUIDA})(?: esto| eso)?",
    r"(?:lo|la) (?:lleva|mira|tiene) alguien",
    r"(?:hay|esta) alguien (?:con (?:ello|esto|eso)|en (?:ello|esto)|mirandolo)",
    r"(?:alguien )?(?:puede|podria) (?:alguien )?(?:mirar|coger|llevar)(?:lo|la|se)?(?: esto)?",
    r"who(?:'s| is) (?:the )?(?:owner|assignee|on call)(?: of it| here)?|owner|assignee",
)
TOLD = (
    rf"who (?:was|got|is|gets|has been|were|are)(?: being)? (?:{_PAGED})(?: (?:about|of|for))?{_IT}",
    rf"(?:was|has|is|did) (?:{_SOMEBODY})(?: been| get)? (?:{_PAGED})(?: (?:about|of|for))?{_IT}",
    rf"who knows(?: about)?{_IT}",
    r"who did (?:you|it|portero|the bot) (?:notify|page|alert|tell|ping|mention|inform|warn|call)",
    rf"does (?:{_SOMEBODY}) know(?: about)?{_IT}",
    r"a quien (?:se )?(?:le )?(?:ha |han )?(?:avis|notific)(?:a|o|ado|aron)(?: esto)?",
    r"quien (?:lo )?sabe(?: esto)?|(?:se ha|han) avisado a alguien",
)
ENDS = (
    r"(?:any |what(?:'s|s| is) the |hay |cual es el )?(?:eta|etr)(?: (?:please|now|for (?:it|this|a fix)))?",
    rf"when (?:will|is|does|can|should) (?:it|this|that)(?: {_BACK})+",
    rf"how (?:much )?longer(?: (?:will|is) (?:it|this))?(?: {_BACK})*",
    rf"how long (?:will|until|till)(?: it| this)?(?: {_BACK})*",
    r"(?:para )?cuando (?:vuelve|volvera|estara|se arregla|se arreglara|acaba|termina)(?: (?:arreglado|listo|ya))?",
    r"cuanto (?:falta|queda|tardara|va a tardar)",
)


def asked_of_alert(text: str, alert: Sequence[Watch]) -> Reply | None:
    """For the channel, or None: something else is written. `alert`: the watches that it tells; some may be named."""
    said, hosts = marked(bare(as_typed(text)[:LONGEST]), HOST)
    named = [watch for watch in alert if watch.target in hosts]
    if hosts and not named:
        return None
    known = " ".join(said.replace(HOST, "it").split())
    found = (answer for patterns, answer in _PATTERNS if any(pattern.fullmatch(known) for pattern in patterns))
    return next((answer(named or alert) for answer in found), None)


def of_ended(text: str, watch: Watch, incident: str) -> Understood | Reply | None:
    """Below an alert whose incident is over: its story, or that nothing is noted any more; None: neither is meant."""
    said = bare(as_typed(text)[:LONGEST])
    known = " ".join(said.split())
    asked = any(pattern.fullmatch(known) for patterns, _ in _PATTERNS for pattern in patterns)
    if asked or _STORY.fullmatch(known):
        return Understood("smtpwatch", f"incidents {incident}", ordered=True)
    return over(watch, incident) if _NOTES.match(known) else None


def over(watch: Watch, incident: str) -> Reply:
    """To whoever writes what is neither a question nor an order there."""
    text = OVER.format(host=name_of(watch))
    row = [
        button("Its story", "smtpwatch.instead", f"incidents {incident}"),
        button("As Markdown", "smtpwatch.instead", f"incidents {incident} as markdown"),
    ]
    return Reply(text, [section(text), actions(*row)], private=True)


OVER = "The incident of *{host}* is over, so nothing is noted any more: this thread keeps your words."
_STORY = re.compile(
    r"(?:but )?why(?: was it down)?|what happened|what was (?:it|wrong|the (?:problem|cause|reason))|timeline|"
    r"(?:the )?story|(?:total )?down ?time|how long(?: (?:was|were|did) .{1,30})?|since when|when did (?:it|"
    r"this) .{1,20}|when was (?:it|this) .{1,20}|(?:the )?(?:post-?mortem|incident|summary|report)|(?:give|get|need|"
    r"make|write|show)(?: .{1,40})? (?:post-?mortem|report)|who (?:had|fixed|acked|took|looked).{0,30}|"
    r"(?:por ?)?que paso|desde cuando|cuanto (?:duro|estuvo).{0,20}|informe|resumen|cronologia|quien (?:lo )?(?:tuvo|"
    r"arreglo|llevo|reconocio)"
)
_NOTES = re.compile(r"(?:note|nota)(?!\w)|root cause|cause[ :]|causa(?: raiz)?[ :]")

LONGEST = 160


def _care(alert: Sequence[Watch]) -> Reply:
    return _said(_looked_after(alert), alert)


def _told(alert: Sequence[Watch]) -> Reply:
    told = dict.fromkeys(one for watch in alert if watch.state.incident for one in watch.state.incident.told_to)
    mentioned = f"and mentioned {', '.join(map(somebody, told))}" if told else NOBODY_MENTIONED
    ways = [
        "in this channel",
        *(f"by {route}" for route in dict.fromkeys(one for watch in alert for one in watch.routes)),
    ]
    return _said(f"It was told {', '.join(ways)} {mentioned}. {_looked_after(alert)}", alert)


def _ends(alert: Sequence[Watch]) -> Reply:
    return _said(f"{NOT_KNOWN} {_looked_after(alert)}", alert)


NOBODY_MENTIONED = "and mentioned nobody, for no watch of it names anybody"
NOT_KNOWN = "From outside I can't tell when it works again: this thread says so as soon as it does."

ANSWERS: Sequence[tuple[Sequence[str], Callable[[Sequence[Watch]], Reply]]] = (
    (CARE, _care),
    (TOLD, _told),
    (ENDS, _ends),
)
_PATTERNS = [([re.compile(pattern) for pattern in patterns], answer) for patterns, answer in ANSWERS]


def _looked_after(alert: Sequence[Watch]) -> str:
    """Who acknowledged which of them, and which nobody did."""
    by: dict[str, list[Watch]] = {}
    for watch in alert:
        by.setdefault(watch.state.incident.acked_by if watch.state.incident else "", []).append(watch)
    told = [_acknowledged(who, watches) for who, watches in by.items() if who]
    nobody = [f"Nobody has acknowledged {_names(by[''])} yet."] if by.get("") else []
    return " ".join([*told, *nobody])


def _acknowledged(who: str, watches: Sequence[Watch]) -> str:
    times = [watch.state.incident.acked_at for watch in watches if watch.state.incident]
    since = max(filter(None, times), default=None)
    return f":eyes: {person(who)} acknowledged {_names(watches)}{f', {when(since)}' if since else ''}."


def _names(watches: Sequence[Watch]) -> str:
    names = [f"*{name}*" for name in dict.fromkeys(map(name_of, watches))]
    more = len(names) - MOST
    shown = [*names[:MOST], plural(more, "other")] if more > 0 else names
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _said(text: str, alert: Sequence[Watch]) -> Reply:
    """With a button for whoever takes what nobody has."""
    left = [watch for watch in alert if watch.state.incident and not watch.state.incident.acked_by]
    row = [actions(button("Acknowledge", "smtpwatch.ack", left[0].id))] if left else []
    return Reply(text, [section(text), *row], good=not left)
