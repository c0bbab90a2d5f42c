"""What is written below an answer and means what that was about: "and 465?", "again", "from mta-03", "why?". Pure.

A row of `FOLLOW_UPS` for each: what is written, whole, in lower case and without accents, and what it comes to. What
fits none is read as if it stood alone.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import dropwhile
from typing import TypeAlias

from bot.slack.conversation import phrases
from bot.slack.conversation.hosts import hosts_in, ports_in
from bot.slack.conversation.phrasing import without_courtesies
from bot.slack.conversation.understanding import Understood
from commands.contract import Subject
from commands.smtpcheck.address.target import MAX_PORT
from commands.smtpport.catalogue.lookup import networks, providers
from commands.smtpport.question.reader import read
from commands.spanish import VERBS, folded
from commands.words import as_typed

Reading: TypeAlias = Callable[[Subject, str], Understood | None]
"""Of the subject and of what the row's pattern left over."""

LONGEST = 200
"""Characters of what is no sentence of its own."""


def follow_up(text: str, subject: Subject, *, aside: bool = False) -> Understood | None:
    """The order that the text is with its subject, or None: then it has none, or stands for itself.

    `aside`: in no thread. There a mere `ack` is of what is down, whatever was spoken of last.
    """
    if len(text) > LONGEST:
        return None
    said = without_courtesies(as_typed(text)).strip(_MARKS)
    if aside and said.lower() in {"ack", "acknowledge"}:
        return None
    return _read(said, subject) or _read(said[_beginning(said) :].strip(_MARKS), subject)


_MARKS = " \t\n?!.,:;¿¡"


def _read(said: str, subject: Subject) -> Understood | None:
    matches = ((pattern.fullmatch(folded(said)), reading) for pattern, reading in _PATTERNS)
    found = (reading(subject, _rest(said, match)) for match, reading in matches if match)
    return next((one for one in found if one is not None), None)


def _beginning(said: str) -> int:
    """Where what is meant begins behind an `and` that only goes on."""
    match = _GOING_ON.match(folded(said))
    return match.end() if match else 0


_GOING_ON = re.compile(r"(?:(?:and|so|but|then|also|y|pero|entonces|tambien)[\s,]+){1,2}")


def _rest(said: str, match: re.Match[str]) -> str:
    """What the pattern left over, as it was written."""
    return said[match.start("rest") : match.end("rest")].strip() if "rest" in match.re.groupindex else ""


def _ports(subject: Subject, rest: str) -> Understood | None:
    ports = tuple(port for port in map(int, re.findall(r"\d+", rest)) if 0 < port <= MAX_PORT)
    if subject.command == "smtpport" and ports and (_question(subject) or not subject.targets):
        return Understood("smtpport", f"{_question(subject)} {' '.join(map(str, ports))}".strip(), ordered=True)
    return _check(replace(subject, ports=ports, every=False)) if ports else None


def _hosts(subject: Subject, rest: str) -> Understood | None:
    """Another host, and the same of it."""
    targets = tuple(target.name for target in hosts_in(rest))
    named = tuple(ports_in(rest))
    again = replace(subject, targets=targets, ports=named or subject.ports, every=subject.every and not named)
    return _check(again) if targets and subject.command == "smtpcheck" else None


def _again(subject: Subject, _rest: str) -> Understood | None:
    if subject.command == "smtpport" and _question(subject):
        return Understood("smtpport", _question(subject), ordered=True)
    return _check(subject, "again")


def _from(subject: Subject, rest: str) -> Understood | None:
    if subject.command == "smtpport":
        asked = _question(replace(subject, network=""))
        return Understood("smtpport", f"{asked} from {rest}".strip(), ordered=True)
    place = "all" if _PLACES.fullmatch(folded(rest)) else rest.lower()
    return _check(replace(subject, place=place)) if len(place.split()) == 1 else None


_PLACES = re.compile(r"[\w./:-]+(?:(?:\s*[,&]\s*|\s+(?:and|y|e)\s+)(?:from\s+|desde\s+)?[\w./:-]+)+")
"""Two places and more: there is a table of one, or of all of them."""


def _for(subject: Subject, rest: str) -> Understood | None:
    """Another provider, asked the same."""
    if subject.command != "smtpport" or hosts_in(rest):
        return None
    network = networks().get(subject.network)
    place = f" from {network.names[0]}" if network and not read(rest).network else ""
    return Understood("smtpport", f"{rest}{place}", ordered=True)


def _which_port(subject: Subject, _rest: str) -> Understood | None:
    """Of a provider the guide knows it; of any other host a check does."""
    asked = _question(subject) or " ".join(host for host in subject.targets if read(host).provider)
    return Understood("smtpport", f"which port for {asked}", ordered=True) if asked else _check(subject)


def _applies(subject: Subject, rest: str) -> Understood | None:
    """Which settings of a config hold for a queue."""
    if subject.command != "pmta" or not subject.entry:
        return None
    return Understood("pmta", ordered=True, action="applies", value=f"{subject.entry} {rest}")


def _deep(subject: Subject, _rest: str) -> Understood | None:
    return _check(subject, "deep")


def _it(subject: Subject, _rest: str) -> Understood | None:
    return _check(subject)


def _shown(action: str) -> Reading:
    """What a button of the answer shows."""

    def shown(subject: Subject, _rest: str) -> Understood | None:
        name = SHOWS.get((subject.command, action))
        if name is None or not subject.entry:
            return None
        return Understood(subject.command, ordered=True, action=name, value=subject.entry)

    return shown


def _why(subject: Subject, rest: str) -> Understood | None:
    """Why a port is as it is: the answer knows, or a check does where it left that port out."""
    if subject.command != "smtpcheck":
        return None
    is_told = not rest or not subject.ports or int(rest) in subject.ports
    return _shown("why")(subject, "") if is_told else _ports(subject, rest)


def _why_host(subject: Subject, rest: str) -> Understood | None:
    """Why a host that is named is as it is: its own check knows, of several its table says too little."""
    named = tuple(target.name for target in hosts_in(rest))
    if len(named) != 1 or subject.command != "smtpcheck":
        return None
    of_it = replace(subject, targets=named)
    return (_shown("why")(subject, "") if subject.targets == named else None) or _check(of_it)


SHOWS = {
    ("smtpcheck", "why"): "why",
    ("smtpcheck", "details"): "details",
    ("smtpport", "why"): "why",
    ("smtpport", "details"): "why",
    ("smtpport", "sources"): "sources",
    ("pmta", "why"): "details",
    ("pmta", "details"): "details",
}
"""By command and what is asked, the action that answers."""


def _of_target(command: str, head: str = "") -> Reading:
    """Another command about the same host."""

    def asked(subject: Subject, rest: str) -> Understood | None:
        if len(subject.targets) != 1:
            return None
        ports = " ".join(map(str, _named(subject))) if head == "add" and not ports_in(rest) else ""
        line = " ".join(filter(None, (head, subject.targets[0], ports, rest)))
        return Understood(command, line, ordered=True)

    return asked


def _all_down(_subject: Subject, _rest: str) -> Understood | None:
    return Understood("smtpwatch", "list down", ordered=True)


def _show_watch(subject: Subject, _rest: str) -> Understood | None:
    """How it is with the watch that alerted; below anything else such words ask for something else."""
    first = subject.watch.partition(" ")[0]
    return Understood("smtpwatch", f"show {first}", ordered=True) if first else None


def _compared(subject: Subject, _rest: str) -> Understood | None:
    """With how it was the day before."""
    found = _of_target("smtphistory", "compare")(subject, "yesterday today")
    return found if subject.command == "smtpcheck" else None


def _watch(subject: Subject, rest: str) -> Understood | None:
    words = [{"cada": "every", "en": "in"}.get(folded(word), word) for word in rest.split()]
    return _of_target("smtpwatch", "add")(subject, " ".join(words))


def _verb(subject: Subject, rest: str) -> Understood | None:
    """`mute it 2h`: the verb is the first word of the rest. `delete everything` means more than the host."""
    verb, *words = rest.split()
    verb = _in_english(verb)
    if verb.lower() == "show" and words:
        return None
    more = list(dropwhile(lambda word: folded(word) in IT, words))
    is_more = bool(more) and (verb.lower() in _ENDING or folded(more[0]) in _ALL)
    if len(subject.targets) != 1 or is_more or hosts_in(" ".join(more)):
        return None
    named = subject.watch if verb.lower() in _OF_ALL else subject.watch.partition(" ")[0]
    return Understood("smtpwatch", " ".join([verb.lower(), named or subject.targets[0], *more]), ordered=True)


def _in_english(verb: str) -> str:
    spanish = re.fullmatch(_SPANISH, folded(verb))
    return VERBS["smtpwatch"][spanish[1]] if spanish else verb


def _run(subject: Subject, _rest: str) -> Understood | None:
    """The watch that alerted, else the check."""
    run = Understood("smtpwatch", f"run {subject.watch}", ordered=True)
    return run if subject.watch else _check(subject, "again")


def _check(subject: Subject, *words: str) -> Understood | None:
    if not subject.targets:
        return None
    place = ("from", subject.place) if subject.place else ()
    line = " ".join([*subject.targets, *map(str, _named(subject)), *words, *place])
    return Understood("smtpcheck", line, ordered=True)


def _named(subject: Subject) -> tuple[int, ...]:
    """The ports that somebody means. Of those that are checked anyway a watch would expect each to answer."""
    return () if subject.every else subject.ports


def _question(subject: Subject) -> str:
    """The provider and the network, as `/smtpport` reads them."""
    rows = (providers().get(subject.provider), networks().get(subject.network))
    names = [row.names[0] if row else "" for row in rows]
    return f"{names[0]} from {names[1]}" if names[1] else names[0]


IT = frozenset({"it", "this", "that", "them", "lo", "la", "los", "esto", "eso", "host", "the"})
_IT = rf"(?:\s+(?:{'|'.join(sorted(IT - {'host', 'the'}))}|(?:the|this|that|el)\s+host))*"
_ALL = frozenset({"all", "everything", "every", "todo", "todos", "todas"})
_ENDING = frozenset({"delete", "remove"})
"""Verbs behind which nothing can stand but what they are about."""
_OF_ALL = frozenset({"mute", "unmute", "snooze", "unsnooze", "pause", "resume"})
"""Of an alert of several watches each is meant; `ack` and `accept` reach the others by themselves."""
_AND = r"(?:(?:and|y|also|tambien|what about|how about|que tal|or|o|ports?|puertos?|on|en|the|el|los|check|try)\s+)*"
_DOWN = r"(?:down|broken|bad|affected|failing|caido|mal)"
_SAME = r"(?:and |y |check |revisa |same |the |lo |mismo |now )*"
_LOOKS_AFTER = "acked|acknowledged|looking(?: at| after| into)?|handling|on|working on|owns|got"
_STATES = rf"(?:{phrases.STATES})"
_WRONG = rf"(?:{_DOWN}|{_STATES}|refused|rejected|fail|fails|silent|unknown|falla|rechaza|conecta|rechazado)"
_IS = "(?:is|does|esta|funciona|va|responde)(?: the| el)?(?: (?:port|puerto))?"
_TLS = "(?:cert|certificate|certificado|tls|starttls)"
_SAID = "(?:errors?|reply|response|transcript|greeting|banner|respuesta|saludo)(?: message)?"
_VERBS = "mute|unmute|snooze|unsnooze|pause|resume|ack|acknowledge|accept|test|tag|untag|show|delete|remove"
_SPANISH = r"(silencia|pospon|pausa|reanuda|borra|elimina)(?:lo|la)?"
_NUMBERS = r"\d{1,5}(?:(?:\s*[,/]\s*|\s+(?:and|y)\s+|\s+)\d{1,5})*"
_ONE_PORT = r"(?:(?:port|puerto)\s+)?(?P<rest>\d{1,5})"

FOLLOW_UPS: Sequence[tuple[Reading, Sequence[str]]] = (
    (
        _ports,
        [
            rf"{_AND}(?P<rest>{_NUMBERS})",
            rf"{_IS} (?P<rest>\d{{1,5}})(?: still| ya)?(?: {_STATES})?(?: now| yet| again| ahora)?",
        ],
    ),
    (_again, [r"(?:check |run |try |test )?(?:it )?(?:once )?again|once more|one more time|re(?:check|try|run)"]),
    (_again, [r"otra vez|de nuevo|repite|reintenta|vuelve a (?:probar|comprobar|revisar)(?:lo)?"]),
    (
        _of_target("smtphistory", "since when"),
        [
            rf"(?:since when|how long)(?: (?:is|has|was)(?: been)?{_IT}(?: been)?(?: {_DOWN})?)?",
            rf"when did{_IT} (?:break|fail|start|begin|happen|stop(?: working)?|go (?:down|away)|die)",
            rf"desde cuando(?: esta(?: {_DOWN})?)?|cuando (?:se )?(?:cayo|rompio|empezo|fallo)",
        ],
    ),
    (
        _from,
        [rf"{_SAME}(?:from|desde) (?:the )?(?!cuando|when)(?P<rest>[^\s].{{0,60}})"],
    ),
    (
        _shown("why"),
        [
            rf"(?:but )?why(?: so| not| is that| is it)?|how come|what(?: is|'?s) wrong{_IT}|explain{_IT}|reasons?",
            r"(?:y |pero )?por ?que(?: no)?|explica(?:lo)?|que pasa|razones",
            r"is it (?:us or them|them or us|our fault|their fault|them)|whose (?:side|fault)(?: is it)?",
            r"es (?:culpa|cosa) (?:nuestra|suya|de ellos)|de quien es la culpa|(?:somos|es) nosotros o ellos",
            r"what (?:should|can|must|do) (?:i|we) do(?: now| about (?:it|this|that))?",
            r"how (?:do|can) (?:i|we) fix (?:it|this)",
            r"que (?:hago|hacemos|puedo hacer|podemos hacer)(?: ahora)?|como (?:lo |se )?arregla?o?(?: esto)?",
        ],
    ),
    (
        _why,
        [
            rf"why (?:is|does|did|can)(?:n'?t)?(?:{_IT}| (?:the )?{_ONE_PORT})(?: not)? {_WRONG}",
            rf"por ?que (?:ya )?(?:no )?(?:esta |va )?{_WRONG}(?: (?:el |en el )?{_ONE_PORT})?",
            rf"por ?que (?:el )?{_ONE_PORT} (?:ya )?(?:no )?(?:esta |va )?{_WRONG}",
        ],
    ),
    (
        _why_host,
        [
            rf"why (?:is|does|did|can)(?:n'?t)? (?P<rest>\S*[.:]\S*)(?: not)?(?: {_WRONG})?",
            rf"why (?P<rest>\S*[.:]\S*)(?: {_WRONG})?",
            rf"por ?que (?:ya )?(?:no )?(?:esta |va )?(?:{_WRONG} )?(?P<rest>\S*[.:]\S*)",
            rf"por ?que (?P<rest>\S*[.:]\S*) (?:ya )?(?:no )?(?:esta |va )?{_WRONG}",
            r"(?:what(?: is|'?s) wrong with|que (?:le )?pasa (?:con|a)) (?P<rest>\S*[.:]\S*)",
        ],
    ),
    (
        _shown("details"),
        [
            r"(?:more |show |all )*details?|more|transcript|certificate|detalles?|mas(?: detalles)?",
            rf"(?:show(?: me)?|see|what(?: is| was|'?s)|muestra(?:me)?|ver|cual (?:es|fue)) (?:the |el |la )?{_SAID}",
            rf"(?:the |el |la )?{_SAID}|que error(?: (?:da|dio|es|fue))?",
            rf"(?:(?:is|when does|how is|what about) (?:the )?)?{_TLS}(?: still)?(?: (?:valid|expires?|{_STATES}))?",
            rf"(?:what|which|que) (?:tls|cert\w*|version)(?: version| de tls)?|does it (?:offer|have|do) {_TLS}",
            rf"(?:cuando (?:caduca|vence)|como esta|esta bien) el {_TLS}|{_TLS} (?:caduca|vence|vale)",
        ],
    ),
    (_shown("sources"), [r"sources?|fuentes?|says who|where is that written"]),
    (
        _watch,
        [
            rf"(?:watch|monitor|keep an eye on|vigila(?:lo)?|monitoriza(?:lo)?){_IT}",
            rf"(?:watch|monitor|keep an eye on){_IT} and (?:tell|alert|notify|ping|warn) (?:me|us)",
            r"vigila(?:lo)? y avisa(?:me|nos)?",
            rf"(?:watch|monitor|vigila(?:lo)?){_IT}\s+(?P<rest>(?:every|cada|in|en|notify|then|certificate)\b.{{0,120}})",
        ],
    ),
    (
        _of_target("smtphistory"),
        [
            rf"(?:show )?(?:history|historia|historial){_IT}",
            rf"when (?:did you|was it|did it) last (?:check|checked|look at|run){_IT}|(?:the )?last (?:check|run)",
            r"(?:cuando (?:fue|se hizo) )?la ultima (?:comprobacion|revision|prueba)",
        ],
    ),
    (
        _compared,
        [
            rf"compare{_IT}(?: (?:with|to) (?:yesterday|before|the last(?: one)?|last time))?",
            r"compara(?:lo)?(?: con (?:ayer|antes|la anterior))?|what is different",
        ],
    ),
    (
        _of_target("smtpwatch", "show"),
        [rf"who(?: is|'?s)? watch(?:es|ing){_IT}|is it watched|quien (?:lo |la )?vigila|se vigila"],
    ),
    (
        _of_target("portero", "log mutes"),
        [
            rf"who (?:has )?(?:muted|snoozed|silenced|unmuted){_IT}",
            r"quien (?:lo |la )?(?:ha )?(?:silenciado|silencio|pospuesto|pospuso)",
        ],
    ),
    (
        _of_target("portero", "log"),
        [
            rf"who (?:has )?(?:changed|paused|deleted|added|tagged|made){_IT}",
            r"quien (?:lo |la )?(?:ha )?(?:cambiado|cambio|pausado|pauso|borrado|borro|creado|creo)",
        ],
    ),
    (
        _show_watch,
        [
            r"(?:(?:what(?: is|'?s) the |any )?(?:current )?(?:status|state|news|updates?))",
            r"(?:el )?estado|como va(?: esto| eso)?|(?:alguna |hay )?novedad(?:es)?",
        ],
    ),
    (
        _of_target("smtphistory", "who asked"),
        [
            rf"who (?:else )?(?:has )?(?:checked|tested|looked(?: at)?|asked(?: about| for)?){_IT}",
            r"quien (?:mas )?(?:lo )?(?:ha )?(?:comprobado|comprobo|mirado|miro|revisado|reviso)(?:lo)?",
        ],
    ),
    (
        _of_target("smtpwatch", "incidents"),
        [
            rf"who(?: is|'s| has)? (?:{_LOOKS_AFTER}){_IT}",
            r"quien (?:lo |la )?(?:lleva|tiene|atiende|ha cogido)|quien esta (?:con (?:ello|esto)|en ello)",
            r"(?:the )?(?:post-?mortem|incidents?|incident report)|informe|incidentes?|incidencias?",
        ],
    ),
    (
        _of_target("smtphistory", "changes"),
        [rf"what(?: has)? changed{_IT}|changes|que (?:ha )?cambi(?:o|ado)|cambios"],
    ),
    (
        _all_down,
        [
            rf"(?:what|which|who) (?:else|others?|other hosts?) (?:is|are) (?:also )?{_DOWN}|que mas esta {_DOWN}",
            r"is it (?:just|only) (?:this|this one|this host|it|that)|(?:es )?solo est[ea](?: host| servidor)?",
        ],
    ),
    (_deep, [r"deep(?:er)?|look deeper|go deeper|(?:mas )?a fondo"]),
    (_it, [rf"(?:check|test|try|revisa(?:lo)?|comprueba(?:lo)?|prueba(?:lo)?){_IT}"]),
    (
        _it,
        [
            rf"(?:is|does) (?:it|this|that)(?: still| now)?(?: {_STATES})?(?: now| yet| again)?|how is it(?: now)?",
            r"(?:is (?:it|this|that) )?(?:back(?: up)?|up) (?:yet|again)|is (?:it|this|that) back(?: up)?",
            rf"still {_STATES}",
        ],
    ),
    (
        _it,
        [
            rf"(?:ya |sigue |esta ){{1,2}}{_STATES}|como (?:esta|va)",
            r"(?:ya )?(?:funciona|responde|contesta|va)(?: ya| ahora)?",
        ],
    ),
    (
        _which_port,
        [
            rf"(?:which|what) ports?(?: (?:should|do|can) (?:i|we) use| is (?:best|right))?(?: (?:for|on|with){_IT})?",
            r"(?:que|cual) puertos?(?: (?:uso|usamos|debo usar|tengo que usar|es mejor))?",
        ],
    ),
    (
        _applies,
        [
            r"(?:show me |tell me )?(?:what|which settings) (?:appl(?:ies|y)|holds?) (?:to|for) (?P<rest>\S{1,200})",
            r"(?:what about |how about |y )?(?:for|para) (?P<rest>\S*[./*]\S*)",
            r"que (?:se )?aplica (?:a|para) (?P<rest>\S{1,200})",
        ],
    ),
    (_for, [r"(?:what about |how about |que tal )?(?:for|with|para|con)\s+(?P<rest>[^\s].{0,60})"]),
    (_run, [rf"run(?: now)?{_IT}"]),
    (_hosts, [rf"(?:and|y|also|tambien|what about|how about|que tal)\s+(?P<rest>[^\s]*[.:][^\s]*(?:\s+{_NUMBERS})?)"]),
    (_verb, [rf"(?P<rest>(?:{_VERBS}|{_SPANISH})\b.{{0,120}})"]),
)
"""The first that fits decides; one that has nothing to say of the subject lets the next try."""

_PATTERNS = [(re.compile(pattern), reading) for reading, patterns in FOLLOW_UPS for pattern in patterns]
