"""A sentence about something that can be done to a host: that it was, that it shall not be, what comes of it.

It is answered or asked back (`what_to_do`), with a button that does it where that may be meant; it is no order, and
asks for no check. Pure, and total.
"""

import re
from collections.abc import Mapping, Sequence

from bot.slack.conversation.orders.order_words import HOST, HOW, REQUESTS
from bot.slack.conversation.orders.orders import Order, order_in
from bot.slack.conversation.sentence.hosts import marked
from bot.slack.conversation.sentence.patterns import STATES
from bot.slack.conversation.sentence.phrasing import has
from commands.spanish import folded
from commands.spoken_times import read_span
from commands.words import as_typed

LONGEST = 240
"""Characters of such a sentence."""

VERBS: Mapping[str, tuple[str, str]] = {
    "unmute": (r"un-?mut(?:e|es|ing)", r"un-?muted"),
    "mute": (r"mut(?:e|es|ing)|silenc(?:e|ing)|silenci(?:a|ar|es|e|o|amos|emos|ando)", r"muted|silenced|silenciado"),
    "unsnooze": (r"un-?snooz(?:e|ing)", r"un-?snoozed"),
    "snooze": (r"snooz(?:e|es|ing)|pospon(?:er|go|gas|ga|gamos|emos|iendo|e)?", r"snoozed|pospuest[oa]"),
    "pause": (r"paus(?:e|es|ing)|paus(?:a|ar|o|amos|emos|ando)", r"paused|pausado"),
    "resume": (r"resum(?:e|es|ing)|reanud(?:a|ar|es|e|o|amos|emos|ando)", r"resumed|reanudado"),
    "delete": (r"delet(?:e|es|ing)|(?:borr|elimin)(?:a|ar|es|e|o|amos|emos|ando)", r"deleted|borrado|eliminado"),
    "tag": (r"tag(?:s|ging)?|etiquet(?:a|ar|es|e|o|as|amos|emos|ando)", r"tagged|etiquetado"),
    "ack": (r"ack(?:s|ing)?|acknowledg(?:e|es|ing)|reconoc(?:e|er|es|emos)|reconozc(?:o|as|a)", r"acked|acknowledged"),
}
"""By act how somebody speaks of doing it, and of having done it: patterns. No other word for it is as clear."""

ONLY_DENIED = r"remov(?:e|ing)|drop|unwatch|quit(?:ar|es|e)|stop(?: watching)?"
"""Beside these what is not to be deleted, and only where it is denied."""

_WATCH = r"(?:watch(?:es)?|alerts?|alerting|vigilancias?|avisos?|alertas?)(?: (?:on|of|for|from|about|de|en|sobre))?"
_LITTLE = "the|my|our|this|that|host|server|el|la|las|los|a|al|servidor"
_OBJECT = rf"(?:\s+(?:{_LITTLE}|{_WATCH}))*\s+(?P<object>{HOST}|it|them)(?!\w)"
_VERB = "|".join(f"(?P<{act}>{told}|(?P<{act}_done>{done}))(?:l[oa]s?)?" for act, (told, done) in VERBS.items())
_DEED = re.compile(rf"(?<![\w.@'-])(?:{_VERB}|(?P<other>{ONLY_DENIED}))(?:{_OBJECT})")
_DENIED = re.compile(
    r"(?<!\w)(?:do ?n[o']t|do not|never|not|no ?(?:one|body)|nobody|without|shouldn't|mustn't|can'?t|won'?t|avoid|"
    r"stop|quit|dej(?:a|ad) de|instead of|no|nadie|nunca|sin|ni|evita|en vez de)(?!\w)"
)
_COMES = re.compile(r"(?:and )?(?:what (?:happens|would|will|if|does)|que (?:pasa|ocurre|pasaria|hace)|y si)(?!\w)")
_TURNS = re.compile(r"(?:if|unless|when|once|si|cuando|as soon as|en cuanto|maybe|perhaps|quizas?|remind)(?!\w)")
_LEAD = re.compile(rf"(?:(?:{REQUESTS}|{HOW})(?![\w.@/-])[\s,:!]+)*")
_POLITE = re.compile(r"(?:please|pls|por favor|porfa)[\s?]*$")
_ASKS_MORE = re.compile(r"(?:who|when|why|how|where|which|quien|cuando|por ?que|como|donde)(?!\w)")
_ENDS = re.compile(r"(?<!\w)(?:stop|quit|dej(?:a|ad) de) $")
_LISTED = re.compile(rf"(?:(?:\s*[,&]\s*|\s+(?:and|or|y|e|o)\s+){HOST})+")
_OF_OTHER = re.compile(r" (?:from|in|out of|on|at|de|del|en)(?!\w)")
"""`ana deleted HOST from DNS`: no watch."""
_REPLY_CODE = re.compile(r"(?<![\w.])[45]\d\d[- ]#?[45]\.\d{1,3}\.\d{1,3}(?![\w.])")
_NEW_CLAUSE = re.compile(r"(?:[,;.!]\s+|\s(?:so|then|and|y|asi que)\s+)(?:please |por favor )?$")
_EXCEPT = re.compile(
    r"(?P<verb>[a-z-]+)\s+(?:all(?: (?:the )?(?:watches|hosts))?|everything|every watch|todo|todos|todas)(?!\w)"
    rf"(?P<first>[^{HOST}]*?)[\s,;-]+"
    r"(?:except|but|besides|excluding|other than|apart from|excepto|salvo|menos)(?: (?:for|not|a|el|la))*\s+"
    rf"{HOST}(?P<others>(?:(?:\s*[,&]\s*|\s+(?:and|or|y|o)\s+){HOST})*)(?P<behind>.*)"
)


def about_deed(text: str) -> Order | None:
    """What is asked back, or None: no deed is spoken of, or it is told to be done."""
    said, hosts = marked(as_typed(text[: 4 * LONGEST]), HOST)
    if not hosts or len(said) > LONGEST or "\n" in said.strip():
        return None
    said = " ".join(said.split())
    known = folded(said)
    if excepted := _excepted(known, hosts):
        return excepted
    match = next((one for one in _DEED.finditer(known) if _is_of_host(one, known)), None)
    if match is None or _REPLY_CODE.search(known):
        return None
    behind, meant = _meant(known, match, hosts)
    return _spoken_of(said, match, meant, behind)


def _is_of_host(match: re.Match[str], known: str) -> bool:
    """`it` is the host where that was named before."""
    return match["object"] == HOST or HOST in known[: match.start()]


def _meant(known: str, match: re.Match[str], hosts: Sequence[str]) -> tuple[str, Sequence[str]]:
    """What stands behind the hosts that it would be done to, and those hosts; an `it` is the last one before."""
    at = known[: match.start("object")].count(HOST)
    if match["object"] != HOST:
        return known[match.end() :], hosts[at - 1 : at]
    listed = _LISTED.match(known, match.end())
    more = listed[0].count(HOST) if listed else 0
    return known[listed.end() if listed else match.end() :], hosts[at : at + 1 + more]


def _spoken_of(said: str, match: re.Match[str], hosts: Sequence[str], behind: str) -> Order | None:
    known, act = folded(said), next((act for act in VERBS if match[act]), "")
    before, is_asked = known[: match.start()].lstrip(" ¿¡"), known.endswith("?")
    line = f"{act or 'delete'} {' '.join(hosts)} {_end(behind)}".strip()
    if act == "mute" and _ENDS.search(before):
        return None  # `stop muting it` is an order
    if _COMES.match(before) or _DENIED.search(before):
        return Order(f"?{'comes' if _COMES.match(before) else 'kept'} {line}", hosts)
    is_done = bool(act) and match[f"{act}_done"] is not None
    if not act or _LEAD.fullmatch(before):
        is_offered = act and not before and is_asked and not is_done and not _POLITE.search(known)
        return Order(f"?offer smtpwatch {line}", hosts) if is_offered else None
    if is_done or is_asked:
        tells_more = has(STATES, f"{before} {behind}") or _ASKS_MORE.match(before)
        is_of_other = is_done and _OF_OTHER.match(behind)
        return None if tells_more or is_of_other else Order(f"?done {line}", hosts)
    order = _last_clause(said, match.start(), hosts[0])
    return order or Order(f"?deed {line}", hosts)


def _last_clause(said: str, at: int, host: str) -> Order | None:
    """The order with which a sentence ends that begins by telling why: `the disk dies, mute HOST 2h`."""
    before = folded(said[:at])
    if _TURNS.match(before) or not _NEW_CLAUSE.search(before) or said.count(HOST) > 1:
        return None
    order = order_in((said if HOST in before else said[at:]).replace(HOST, host))
    return order if order and not order.is_asked_back else None


def _end(behind: str) -> str:
    """The length or the time that stands first there, and is all of it."""
    said = behind.strip(" ?!.,")
    words = said.removeprefix("for ").split()
    span = read_span(words)
    if span and span[1] == len(words):
        return span[0].text
    return said if re.fullmatch(r"(?:until|till?|hasta) (?:[\w:]+ ?){1,5}", said) else ""


def _excepted(known: str, hosts: list[str]) -> Order | None:
    """`pause all, except HOST`: which others there are is for who knows the watches to say."""
    match = _EXCEPT.fullmatch(known)
    act = next((act for act, (told, _) in VERBS.items() if match and re.fullmatch(told, match["verb"])), "")
    if match is None or not act:
        return None
    end = _end(match["first"]) or _end(match["behind"])
    return Order(f"?except {act} {end or '-'} {' '.join(hosts)}", hosts[:1])
