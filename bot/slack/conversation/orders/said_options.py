"""How a watch is to be, in a sentence: `and check it every 5 minutes, ping @ana, then @bo after 30m`. Pure, and total.

A row of `OPTIONS` for each thing that is said of it, as the option behind `/smtpwatch add HOST` that it is. A tail is
read only where nothing of it is left over.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.slack.conversation.orders.order_words import HOST, REQUESTS
from bot.slack.conversation.sentence.hosts import marked
from commands.spanish import folded
from commands.words import as_typed

LONGEST = 300
"""Characters of such a sentence."""

_SOMEBODY = r"(?P<value>@[usw][a-z0-9]{1,40})(?!\w)"
_LENGTH = r"(?:\d{1,4} ?)?(?:minut[eo]s?|mins?|hours?|hrs?|horas?|days?|dias?|[mhd])(?!\w)"
_FAILS = (
    r"(?:(?:it|that|this|the host|eso) )?(?:(?:goes|is|falls|gets) (?:down|offline|bad)|fails|breaks|dies|stops "
    r"(?:working|answering|responding)|(?:does not|doesn'?t) (?:answer|respond)|has (?:a )?problems?|(?:se )?(?:cae|"
    r"caiga|rompe|muere)|falla|falle|deja de (?:funcionar|responder)|no (?:responde|funciona|contesta))(?!\w)"
)
_WHEN = rf"(?:(?:if|when|whenever|once|in case|as soon as|si|cuando|en cuanto) {_FAILS})"
_TELL = (
    r"(?:ping|notify|tell|alert|mention|page|warn|inform|let|cc|avisa(?:r|ndo)?|menciona(?:r|ndo)?|notifica(?:r|ndo)?)"
)
_LOOK = r"(?:(?:re-?)?check|checking|probe|look|test|run|comprueba|mira|revisa|compruebal[oa]|miral[oa]|revisal[oa])"

OPTIONS: Mapping[str, str] = {
    "then": rf"(?:(?:then|luego|despues) )(?:{_TELL} (?:a )?)?{_SOMEBODY}"
    rf"(?: (?:after|tras|a los|despues de) (?P<after>{_LENGTH}))?",
    "notify": rf"(?:{_WHEN},? )?(?:{_TELL} )(?:a )?{_SOMEBODY}(?: know)?(?: too| tambien)?(?: {_WHEN})?",
    "in": rf"(?:{_WHEN},? )?(?:(?:{_TELL}|(?:send|post|put|manda|envia|publica)(?:ing)?(?: (?:us|it|them|nos))?) )?"
    r"(?:(?:the |its |las? |los )?(?:alerts?|avisos|alertas) )?(?:go )?(?:in|to|into|on|en|a) "
    rf"(?P<value>#[cg][a-z0-9]{{1,40}})(?!\w)(?: {_WHEN})?",
    "every": rf"(?:{_LOOK}(?: (?:it|them|at it|that|lo|la))? )?(?:(?:only|just|solo|to|a) )*(?:every|each|cada) "
    rf"(?P<value>{_LENGTH})(?: (?:is|are|will be) (?:enough|fine|plenty|ok))?",
    "mail": r"(?:e-?mail |send (?:an )?e-?mails? to |(?:manda|envia) (?:un )?correo a )"
    r"(?P<value>[^\s@,;]{1,64}@[^\s@,;]{3,200})"
    rf"(?: too| as well| also| tambien)?(?: {_WHEN})?",
    "runbook": r"(?:(?:with|its|the|a|el|su|con) )*runbook (?:(?:to|at|is|es|en|a) )?(?P<value>https?://[^\s<>]+)",
    "after": rf"(?:{_TELL} (?:us |me )?)?(?:only |solo )?(?:after|tras|a los|despues de) (?P<value>\d{{1,2}}) "
    r"(?:failures|failed (?:runs|checks)|fallos)(?: (?:instead of|en vez de) \d{1,2})?",
    "tags": r"(?:tag(?:ged)?(?: (?:it|them))?(?: as| with)?|etiquetal[oa](?: como)?|con (?:la )?etiqueta) "
    r"(?P<value>[\w-]{1,40})",
    "from": r"(?:from|desde) (?P<value>[a-z]{2,20}-\d{1,4})(?!\w)",
    "ports": r"(?:(?:on|en|at|with) )?(?:(?:the|los|el) )?(?:(?:ports?|puertos?) )?"
    rf"(?P<value>\d{{2,5}}(?!\d)(?! ?(?:{_LENGTH}))(?:(?:, ?| and | y | ?& ?| )\d{{2,5}}(?!\d)(?! ?(?:{_LENGTH})))*)",
    "here": rf"(?:{_TELL} (?:us |me |nos )?(?:here|aqui|in here|in this channel|en este canal)|"
    r"avis(?:anos|ame)(?: aqui)?|"
    rf"(?:let us know|tell us|alert us|warn us)(?: here| in this channel)?)(?: {_WHEN})?",
}
"""By the word of the command what is said for it; an alert is told `here` anyway."""

_EACH = [(name, re.compile(pattern)) for name, pattern in OPTIONS.items()]
_BETWEEN = re.compile(
    r"(?:[\s,;:.!&]+|(?:and|y|e|but|pero|also|too|please|pls|por favor|porfa|plz|thanks|gracias|for me|for us|with|con|"
    r"from now on|a partir de ahora|desde ahora|instead|would you)(?![\w@#]))*"
)
_REASON = re.compile(
    r"(?:,\s*|\s)(?:(?:because|porque|ya que) .{1,100}|(?:it'?s|it is|that'?s|this is|es) "
    r"(?:our|the|a|an|my|new|nuestr[oa]|el|la|un|una|nuevo) [\w\s-]{1,60})[\s.!]*$"
)
"""Why: a watch keeps no reason, and nothing is to be done by it."""


def options_in(tail: str) -> dict[str, str] | None:
    """The options by their words; None where something else is said, too, or one of them twice."""
    tail = " ".join(tail.split())
    tail = tail[: m.start()] if (m := _REASON.search(folded(tail))) and not _ORDERS_MORE.search(m[0]) else tail
    found: dict[str, str] = {}
    known, at = folded(tail), 0
    while True:
        between = _BETWEEN.match(known, at)
        at = between.end() if between else at
        if at == len(known):
            return found
        name, match = next(((name, m) for name, each in _EACH if (m := each.match(known, at))), ("", None))
        if match is None or name in found or match.end() == at:
            return None
        found[name] = _value(name, tail, match)
        at = match.end()


_ORDERS_MORE = re.compile(r"[@#\d]")


def _value(name: str, tail: str, match: re.Match[str]) -> str:
    if name == "here":
        return ""
    value = tail[slice(*match.span("value"))]
    if name == "then" and match["after"]:
        return f"{value.upper()} after {_short(match['after'])}"
    if name == "ports":
        return " ".join(re.findall(r"\d+", value))
    if name in {"then", "notify", "in"}:
        return value.upper()
    return _short(value) if name == "every" else value.rstrip(".,;") if name == "runbook" else value


def _short(length: str) -> str:
    """`5 minutos` as `5m`."""
    number, unit = re.match(r"(\d*) ?([a-z])", folded(length)).groups()  # type: ignore[union-attr]
    return f"{number or 1}{unit}"


def line_of(found: Mapping[str, str]) -> str:
    """As it is typed behind a host."""
    ports = found.get("ports", "")
    others = (f"{name} {value}" for name, value in found.items() if name not in {"ports", "here"})
    return " ".join(filter(None, (ports, *others)))


def places_in(tail: str) -> list[str]:
    """`from mta-03 and from fra-1`: several machines, where a watch has one."""
    several = _PLACES.fullmatch(folded(tail))
    return re.findall(_PLACE, several[0]) if several else []


_PLACE = r"[a-z]{2,20}-\d{1,4}"
_PLACES = re.compile(rf"\s*(?:from|desde) {_PLACE}(?:\s*(?:,|&|and|y)\s*(?:(?:from|desde) )?{_PLACE})+[\s.!]*")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a watch that there is shall be from now on; `also`: beside what it is now."""

    host: str
    line: str
    also: bool = False


def setting_in(text: str) -> Setting | None:
    """`for HOST mention @ana, then @bo after 30m`: an order to change a watch, and nothing else."""
    said, hosts = marked(_without_links(as_typed(text[:LONGEST])), HOST)
    links = _LINKS.findall(as_typed(text[:LONGEST]))
    if len(set(hosts)) != 1 or said.count(HOST) != 1 or "?" in said:
        return None
    return _setting(said, hosts[0], links)


def setting_of_it(text: str, host: str) -> Setting | None:
    """The same of what is spoken of: `put the runbook at https://...`, `check it every minute`."""
    said = as_typed(text[:LONGEST])
    if "?" in said or HOST in said or marked(_without_links(said), HOST)[1]:
        return None
    return _setting(_OF_IT.sub(" ", _without_links(said)), host, _LINKS.findall(said))


def _setting(said: str, host: str, links: Sequence[str]) -> Setting | None:
    rest = _LEAD.sub("", " ".join(_OF_HOST.sub(" ", said).split()))
    is_told = _CHANGES.match(rest) is not None
    rest = _LEAD.sub("", _CHANGES.sub("", rest))
    given = iter(links)
    found = options_in(_LINK.sub(lambda _: next(given, ""), rest))
    named = {name for name in found or {} if name not in {"here", "ports", "tags"}}
    if not found or not named or (not is_told and (named == {"from"} or _BARE.match(folded(rest)))):
        return None
    ports = f"ports {found.pop('ports')}" if "ports" in found else ""
    also = not _ADDS.isdisjoint(found) and _ALSO.search(folded(rest)) is not None
    return Setting(host, " ".join(filter(None, (line_of(found), ports))), also)


_ADDS = frozenset({"notify", "mail", "in"})
_ALSO = re.compile(r"(?<!\w)(?:too|also|as well|tambien)(?!\w)")
_BARE = re.compile(r"(?:every|each|cada|from|desde|in|to|into|on|en|a|at|then|luego|after|tras|with|con|\d)(?!\w)")
"""What no order begins with: `HOST every 5 minutes` may tell how often it fails."""

_LINKS = re.compile(r"https?://[^\s<>]+|[^\s@,;<>]{1,64}@[a-z][^\s@,;<>]{2,200}", re.IGNORECASE)
_LINK = re.compile("\N{LINK SYMBOL}")


def _without_links(said: str) -> str:
    """A link and a mailbox are no hosts: a mark stands for each."""
    return _LINKS.sub("\N{LINK SYMBOL}", said.replace("\N{LINK SYMBOL}", " "))


_LEAD = re.compile(
    rf"\A[\s,:;.]*(?:(?:{REQUESTS}|from now on|a partir de ahora|the|el|la)(?![\w.@/-])[\s,:]*)*", re.IGNORECASE
)
_OF_HOST = re.compile(
    rf"(?:^|(?<=\s))(?:(?:the |la )?(?:watch|vigilancia|monitor)(?: (?:on|of|for|de))? )?"
    rf"(?:(?:when|if|si|cuando) {HOST} {_FAILS}|(?:(?:on|of|for|from|to|de|para|a|en) )?{HOST}(?: watch)?)[:,]?",
    re.IGNORECASE,
)
_OF_IT = re.compile(
    r"(?<!\w)(?:(?:of|for|to|on|de|para|a) )?(?:it|this|this host|this watch|esto)(?!\w)", re.IGNORECASE
)
_CHANGES = re.compile(
    r"\A(?:change|set|edit|add|put|update|make|use|keep (?:watching|checking)|cambia(?:r)?|pon(?:er)?|anade|"
    r"añade|ajusta|usa)(?:\s+(?:the|it|to|at|so that|el|la|a))*(?!\w)",
    re.IGNORECASE,
)
