"""What is written below an answer and means what that was about: "and 465?", "again", "from mta-03", "why?". Pure.

A row of `FOLLOW_UPS` for each: what is written, whole, in lower case and without accents, and what it comes to. What
fits none is read as if it stood alone.
"""

import re
from collections.abc import Sequence

from bot.slack.conversation.below import follow_up_readings as means
from bot.slack.conversation.questions.one_fact import FACTS
from bot.slack.conversation.sentence import little_words, patterns
from bot.slack.conversation.sentence.phrasing import without_courtesies
from bot.slack.conversation.sentence.understood import Understood
from commands.contract import Subject
from commands.spanish import folded
from commands.words import as_typed

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


_IT = (
    r"(?:\s+(?:(?:of|with|on|for|at|de|con|en|a)\s+)?"
    rf"(?:{'|'.join(sorted(means.IT - {'host', 'the'}))}|(?:the|this|that|el)\s+host))*"
)
_LITTLE = little_words.any_of(little_words.LITTLE, little_words.OF_WORTH)
_ITS, _EXCHANGERS = (
    "(?:the|its|their|el|los|su|sus)",
    "(?:mx|mxs|mxes|mail exchangers?|domain|dominio)(?: hosts?| records?)?",
)
_AND_WORDS = "and|y|also|tambien|what about|how about|que tal|or|o|ports?|puertos?|on|en|the|el|los|check|try"
_AND = rf"(?:(?:{_AND_WORDS})\s+)*"
_TOO = "(?: too| also| as well| tambien)?"
_OTHERS = (
    r"(?:others?|other (?:hosts?|servers?|watches)|anything else|anyone else|more(?: hosts)?|otros?|mas(?: hosts)?)"
)
_DOWN = r"(?:down|broken|bad|affected|failing|caido|mal)"
_BROKE = "happen(?:ed)?|break|broken|broke|fail(?:ed)?|been down|down|go down"
_AGAIN = "before|already|recently|lately|often|this week|today|last (?:week|month)|in the past|ever"
_ASKS = "(?:cuando|when|which|what|where|que|donde)"
_SAME = r"(?:and |y |check |revisa |same |the |lo |mismo |now )*"
_LOOKS_AFTER = "acked|acknowledged|looking(?: at| after| into)?|handling|on|working on|owns|got|has|have|had|took|fixed"
_US = (
    r"(?:me|us|ours?|(?:my|our) (?:side|end|fault|network|problem)|we|nosotros|nuestr[oa]s?|nuestro lado|cosa nuestra|"
    r"aqui)"
)
_THEM = r"(?:them|theirs?|their (?:side|end|fault|network)|they|ellos|de ellos|suy[oa]|su lado|cosa suya|alli)"
_SIDES = rf"(?:{_US} (?:or|o) (?:(?:on|de|en) )?{_THEM}|{_THEM} (?:or|o) (?:(?:on|de|en) )?{_US})"
_MENDED = "fixed|resolved|solved|recovered|healthy|back to normal|better|over|arreglado|resuelto|solucionado"
_STATES = rf"(?:{patterns.STATES})"
_SO = r"(?:(?:so|and|but|then|ok|okay|well|entonces|y|pero|o sea|vale|bueno) )*"
_THAT = r"(?: (?:ese|esa|este|esto|eso|entonces|then|ya|ahora|now))*"
_WRONG = rf"(?:{_DOWN}|{_STATES}|refused|rejected|fail|fails|silent|unknown|falla|rechaza|conecta|rechazado)"
_FAILS = rf"(?:{_WRONG}|failing|fallando|(?:not|no) (?:work|working|funciona|responde))"
_WHICH = rf"(?:which|cual|cuales)(?: (?:one|ones|host|hosts|server|servers))?(?: (?:of|de){_IT})?"
_SAID = "(?:errors?|reply|response|transcript|greeting|banner|respuesta|saludo)(?: message)?"
_VERBS = "mute|unmute|snooze|unsnooze|pause|resume|ack|acknowledge|accept|test|tag|untag|show|delete|remove"
_NUMBERS = r"\d{1,5}(?:(?:\s*[,/]\s*|\s+(?:and|y)\s+|\s+)\d{1,5})*"
_ONE_PORT = r"(?:(?:port|puerto)\s+)?(?P<rest>\d{1,5})"

FOLLOW_UPS: Sequence[tuple[means.Reading, Sequence[str]]] = (
    (
        means.other_ports,
        [
            rf"{_AND}(?P<rest>{_NUMBERS})",
            little_words.round_ports(_NUMBERS),
        ],
    ),
    (means.again, [r"(?:check |run |try |test )?(?:it )?(?:once )?again|once more|one more time|re(?:check|try|run)"]),
    (means.again, [rf"(?:check|run|try|test){_IT} again(?: now)?|again{_IT}|(?:y )?ahora(?: que)?|and now"]),
    (means.again, [r"otra vez|de nuevo|repite|reintenta|vuelve a (?:probar|comprobar|revisar)(?:l[oa]s?)?"]),
    (means.again, [rf"(?:revisa|comprueba|prueba|mira)(?:l[oa]s?)?{_IT} (?:otra vez|de nuevo)"]),
    (
        means.of_target("smtphistory", "since when"),
        [
            rf"(?:since when|how long)(?: (?:is|has|was|does)(?: been)?{_IT}(?: been)?(?: {_FAILS})?)?",
            rf"when did{_IT} (?:break|fail|start|begin|happen|stop(?: working)?|go (?:down|away)|die)",
            rf"desde cuando(?: (?:esta|lleva|sigue))?(?: {_FAILS})?|cuando (?:se )?(?:cayo|rompio|empezo|fallo)",
        ],
    ),
    (
        means.of_target("smtphistory", "down"),
        [
            rf"how much (?:total )?down ?time(?: (?:has|have|was|is|did))?{_IT}(?: (?:had|been|so far|in total))*",
            rf"(?:(?:what(?: is|'?s| was) )?(?:the )?total )?down ?time{_IT}(?: (?:so far|in total|total|today))?",
            (
                rf"how (?:much time|long)(?: (?:has|have|was|is|were|did|are))?(?:{_IT}| we| you)(?: been)?"
                r"(?: (?:down|offline|out|gone|broken|unavailable))(?: (?:for|in total|altogether|so far))*"
            ),
            rf"cuanto(?: tiempo)?(?: (?:lleva|llevan|estuvo|ha estado|estaba|lleva ya))(?: {_FAILS})?(?: en total)?",
            r"(?:tiempo (?:total )?(?:de )?(?:caida|caido|inactividad))(?: total)?",
        ],
    ),
    (
        means.from_there,
        [rf"{_SAME}(?:from|desde) (?:there|alli|ahi|alla|the same place){_TOO}", r"tambien desde (?:alli|ahi|alla)"],
    ),
    (
        means.from_everywhere,
        [
            rf"is (?:it|this|that)(?: down| broken)?(?: only| just)?(?: (?:from|in|on|for))? (?:{_US}|here)(?: only)?",
            (
                r"is (?:it|this|that) (?:down |broken )?(?:for )?(?:everyone|everybody|everywhere)(?: or (?:just|only) "
                r"(?:for )?(?:us|me))?"
            ),
            r"(?:only|just) from (?:here|us|our (?:side|network))|(?:es )?solo desde (?:aqui|nuestra red)",
        ],
    ),
    (
        means.from_place,
        [rf"{_SAME}(?:from|desde) (?:the )?(?!{_ASKS}(?!\w))(?P<rest>[^\s].{{0,60}})"],
    ),
    (
        means.shown("why"),
        [
            rf"(?:but )?why(?: so| not| is that| is it)?{_IT}|how come|explain{_IT}|reasons?",
            rf"what(?: is|'?s| was) (?:wrong|the (?:matter|problem|issue|fault|cause|reason))(?: with)?{_IT}",
            rf"(?:y |pero )?por ?que(?: no)?{_IT}|explica(?:lo)?{_IT}|razones|que (?:le )?(?:pasa|paso|ocurre){_IT}",
            rf"cual (?:es|fue) (?:el problema|la causa|el motivo)(?: de)?{_IT}|que (?:problema )?tiene{_IT}",
            rf"(?:(?:is|are) (?:it|this|that|we|they) )?(?:on |at )?{_SIDES}(?: to blame)?",
            rf"(?:(?:esto )?(?:es|son|somos|esta) )?(?:(?:culpa|cosa|problema) )?(?:de |en )?{_SIDES}",
            r"is it (?:them|on their side|our fault|their fault)|es (?:culpa|cosa) (?:nuestra|suya|de ellos)",
            r"(?:on |at )?whose (?:side|fault|problem|end)(?: is (?:it|this))?|who is (?:to blame|at fault)",
            r"de (?:quien|que lado) (?:es|esta)(?: (?:la culpa|el (?:problema|fallo)))?",
            (
                r"(?:any|some) idea(?:s)?(?: (?:why|what(?: is|'?s)? (?:going on|happening|wrong|up|the (?:cause|"
                r"reason))))?"
            ),
            r"what(?: is|'?s) (?:actually|really|exactly) (?:broken|failing|down|wrong|going on)",
            r"what(?: is|'?s) (?:going on|happening|up)(?: here| there)?|que esta pasando|alguna idea",
            r"what (?:should|can|must|do) (?:i|we) do(?: now| about (?:it|this|that))?",
            r"how (?:do|can) (?:i|we) fix (?:it|this)",
            r"que (?:hago|hacemos|puedo hacer|podemos hacer)(?: ahora)?|como (?:lo |se )?arregla?o?(?: esto)?",
        ],
    ),
    (
        means.why,
        [
            rf"why (?:is|does|did|can)(?:n'?t)?(?:{_IT}| (?:the )?{_ONE_PORT})(?: not)? {_WRONG}",
            rf"por ?que (?:ya )?(?:no )?(?:esta |va )?{_WRONG}(?: (?:el |en el )?{_ONE_PORT})?",
            rf"por ?que (?:el )?{_ONE_PORT} (?:ya )?(?:no )?(?:esta |va )?{_WRONG}",
        ],
    ),
    (
        means.why_host,
        [
            rf"why (?:is|does|did|can)(?:n'?t)? (?P<rest>\S*[.:]\S*)(?: not)?(?: {_WRONG})?",
            rf"why (?P<rest>\S*[.:]\S*)(?: {_WRONG})?",
            rf"por ?que (?:ya )?(?:no )?(?:esta |va )?(?:{_WRONG} )?(?P<rest>\S*[.:]\S*)",
            rf"por ?que (?P<rest>\S*[.:]\S*) (?:ya )?(?:no )?(?:esta |va )?{_WRONG}",
            r"(?:what(?: is|'?s) wrong with|que (?:le )?pasa (?:con|a)) (?P<rest>\S*[.:]\S*)",
        ],
    ),
    (
        means.shown("details"),
        [
            rf"(?:more |show |all )*details?{_IT}|more|transcript|detalles?{_IT}|mas(?: detalles)?",
            rf"(?:show(?: me)?|see|what(?: is| was|'?s)|muestra(?:me)?|ver|cual (?:es|fue)) (?:the |el |la )?{_SAID}",
            rf"(?:the |el |la )?{_SAID}|que error(?: (?:da|dio|es|fue))?",
        ],
    ),
    *((means.aspect(name), asked) for name, asked in FACTS.items()),
    (means.aspect("certificate"), [little_words.asked_of(little_words.CERTIFICATE)]),
    (means.aspect("tls"), [little_words.asked_of(little_words.TLS)]),
    (means.aspect("login"), [little_words.asked_of(little_words.LOGIN)]),
    (means.its_exchangers, [rf"(?:{_LITTLE}\s+)*{_ITS}\s+{_EXCHANGERS}(?:\s+{_LITTLE})*"]),
    (means.shown("sources"), [r"sources?|fuentes?|says who|where is that written"]),
    (
        means.watch,
        [
            rf"(?:watch|monitor|keep an eye on|vigila(?:lo)?|monitoriza(?:lo)?){_IT}",
            rf"(?:watch|monitor|keep an eye on){_IT} and (?:tell|alert|notify|ping|warn) (?:me|us)",
            r"vigila(?:lo)? y avisa(?:me|nos)?",
            rf"(?:watch|monitor|vigila(?:lo)?){_IT}\s+(?P<rest>(?:every|cada|in|en|notify|then|certificate)\b.{{0,120}})",
        ],
    ),
    (
        means.of_target("smtphistory"),
        [
            rf"(?:and |y )?(?:show )?(?:its |the |el |su )?(?:history|historia|historial){_IT}",
            rf"when (?:did you|was it|did it) last (?:check|checked|look at|run){_IT}|(?:the )?last (?:check|run)",
            r"(?:cuando (?:fue|se hizo) )?la ultima (?:comprobacion|revision|prueba)",
        ],
    ),
    (
        means.compared,
        [
            rf"compare{_IT}(?: (?:with|to) (?:yesterday|before|the last(?: one)?|last time))?",
            rf"compara(?:l[oa]s?)?{_IT}(?: con (?:ayer|antes|la anterior))?|what is different",
            rf"(?:what(?: is|'?s| are) the )?differences?(?: between)?{_IT}|how do they differ",
            r"(?:cual es la |que )?diferencias?(?: hay)?(?: entre (?:ell[oa]s|it))?|en que se diferencian",
        ],
    ),
    (
        means.compared_with,
        [
            rf"compare{_IT} (?:with|to|against|and) (?P<rest>\S*[.:]\S*)",
            rf"compara(?:l[oa])?{_IT} (?:con|y) (?P<rest>\S*[.:]\S*)",
        ],
    ),
    (
        means.of_target("smtpwatch", "show"),
        [rf"who(?: is|'?s)? watch(?:es|ing){_IT}|is it watched|quien (?:lo |la )?vigila|se vigila"],
    ),
    (
        means.of_target("portero", "log mutes"),
        [
            rf"who (?:has )?(?:muted|snoozed|silenced|unmuted){_IT}",
            r"quien (?:lo |la )?(?:ha )?(?:silenciado|silencio|pospuesto|pospuso)",
        ],
    ),
    (
        means.of_target("portero", "log"),
        [
            rf"who (?:has )?(?:changed|paused|deleted|added|tagged|made){_IT}",
            r"quien (?:lo |la )?(?:ha )?(?:cambiado|cambio|pausado|pauso|borrado|borro|creado|creo)",
        ],
    ),
    (
        means.show_watch,
        [
            r"(?:(?:what(?: is|'?s) the |any )?(?:current )?(?:status|state|news|updates?))",
            r"(?:el )?estado|como va(?: esto| eso)?|(?:alguna |hay )?novedad(?:es)?",
            rf"how (?:bad|serious|severe)(?: (?:is|was){_IT})?",
            r"(?:what(?: is|'?s) the )?(?:impact|severity)|que impacto(?: tiene)?|(?:es )?(?:muy )?grave",
        ],
    ),
    (
        means.of_target("smtphistory", "who asked"),
        [
            rf"who (?:else )?(?:has )?(?:checked|tested|looked(?: at)?|asked(?: about| for)?){_IT}",
            r"quien (?:mas )?(?:lo )?(?:ha )?(?:comprobado|comprobo|mirado|miro|revisado|reviso)(?:lo)?",
        ],
    ),
    (
        means.of_target("smtpwatch", "incidents"),
        [
            rf"who(?: is|'s| has)? (?:{_LOOKS_AFTER}){_IT}",
            r"quien (?:lo |la )?(?:lleva|tiene|atiende|ha cogido)|quien esta (?:con (?:ello|esto)|en ello)",
            r"(?:the )?(?:post-?mortem|incidents?|incident report)|informe|incidentes?|incidencias?",
            (
                r"(?:give|get|need|make|write|export|show|prepare|something|dame|haz|"
                r"muestra)(?: .{1,40})? (?:post-?mortem|incident report|informe)(?: .{1,20})?"
            ),
            rf"(?:has|did|does|was)(?: it| this| that| the same)+ (?:ever )?(?:{_BROKE})(?: {_AGAIN})*",
            rf"(?:has )?happened {_AGAIN}",
            rf"how (?:often|many times)(?: (?:has|does|did))?{_IT}(?: (?:{_BROKE}))?(?: {_AGAIN})*",
            r"(?:is (?:it|this) )?(?:the )?first time|is (?:it|this) (?:new|recurring)",
            r"(?:esto )?(?:ya )?(?:ha pasado|paso|habia pasado)(?: esto)?(?: (?:antes|ya|alguna vez|mas veces))+",
            r"(?:es )?(?:la )?primera vez|cuantas veces(?: .{1,30})?",
        ],
    ),
    (
        means.of_target("smtphistory", "changes"),
        [rf"what(?: has)? changed{_IT}|changes|que (?:ha )?cambi(?:o|ado)|cambios"],
    ),
    (
        means.all_down,
        [
            rf"(?:what|which|who) (?:else|others?|other hosts?) (?:is|are) (?:also )?{_DOWN}|que mas esta {_DOWN}",
            r"is it (?:just|only) (?:this|this one|this host|it|that)|(?:es )?solo est[ea](?: host| servidor)?",
            rf"(?:does|is|are)(?: it| this| that)? (?:affect(?:ing|s)?|hit(?:ting)?) (?:any )?{_OTHERS}",
            rf"(?:is|are|any)?(?: there)? ?(?:any )?{_OTHERS} (?:also )?{_DOWN}(?: too)?",
            rf"afecta a {_OTHERS}|hay {_OTHERS} {_DOWN}s?",
        ],
    ),
    (means.deep, [r"deep(?:er)?|look deeper|go deeper|(?:mas )?a fondo"]),
    (means.once_more, [rf"(?:check|test|try|revisa(?:l[oa]s?)?|comprueba(?:l[oa]s?)?|prueba(?:l[oa]s?)?){_IT}"]),
    (means.once_more, [r"(?:(?:and|y|what about|how about|que tal|pero|but|now|ahora) )*(?:it|them)(?: too)?"]),
    (means.once_more, [rf"{_WHICH}(?: (?:is|are|does|do|esta|estan|no|not|still))* {_STATES}"]),
    (
        means.once_more,
        [
            (
                rf"{_SO}(?:is|are|does|do) (?:it|this|that|they|them)(?: one)?(?: still| now| all)?"
                rf"(?: (?:{_STATES}|{_MENDED}))?(?: now| yet| again| then| after all| at least)*"
            ),
            r"how (?:is|are) (?:it|they|them)(?: (?:doing|going|looking))?(?: now)?",
            r"(?:is (?:it|this|that) )?(?:back(?: up)?|up) (?:yet|again)|is (?:it|this|that) back(?: up)?",
            rf"still {_STATES}",
        ],
    ),
    (
        means.once_more,
        [
            (
                rf"{_SO}(?:(?:ya|sigue|esta|siguen|estan|funcionan|it|it is|it's|ese|esa|este) ){{1,3}}"
                rf"(?:{_STATES}|bien|san[oa]s?|viv[oa]s?){_THAT}"
            ),
            rf"{_SO}como (?:esta|va)n?{_IT}{_THAT}",
            r"(?:ya )?(?:funciona|responde|contesta|va)(?: ya| ahora)?",
        ],
    ),
    (
        means.which_port,
        [
            rf"(?:which|what) ports?(?: (?:should|do|can) (?:i|we) use| is (?:best|right))?(?: (?:for|on|with){_IT})?",
            r"(?:que|cual) puertos?(?: (?:uso|usamos|debo usar|tengo que usar|es mejor))?",
        ],
    ),
    (
        means.applies,
        [
            r"(?:show me |tell me )?(?:what|which settings) (?:appl(?:ies|y)|holds?) (?:to|for) (?P<rest>\S{1,200})",
            r"(?:what about |how about |y )?(?:for|para) (?P<rest>\S*[./*]\S*)",
            r"que (?:se )?aplica (?:a|para) (?P<rest>\S{1,200})",
        ],
    ),
    (means.for_provider, [r"(?:what about |how about |que tal )?(?:for|with|para|con)\s+(?P<rest>[^\s].{0,60})"]),
    (
        means.provider_alone,
        [r"(?:and|or|y|o|what about|how about|que tal)\s+(?P<rest>(?!(?:for|with|para|con)\s)\S+(?:\s+\S+){0,3})"],
    ),
    (means.run, [rf"run(?: now)?{_IT}"]),
    (
        means.other_hosts,
        [rf"(?:and|y|also|tambien|what about|how about|que tal)\s+(?P<rest>[^\s]*[.:][^\s]*(?:\s+{_NUMBERS})?)"],
    ),
    (means.verb, [rf"(?P<rest>(?:{_VERBS}|{means.SPANISH})\b.{{0,120}})"]),
)
"""The first that fits decides; one that has nothing to say of the subject lets the next try."""

_PATTERNS = [(re.compile(pattern), reading) for reading, patterns in FOLLOW_UPS for pattern in patterns]
