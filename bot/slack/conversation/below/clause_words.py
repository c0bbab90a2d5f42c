"""What a clause below an alert is, by its words: a note, an order, what takes one back. English and Spanish. Data only.

All in lower case and without accents, as patterns. How they are read: `deeds_below`.
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum

from bot.slack.conversation.below.below_alert import CLOSES
from bot.slack.conversation.orders.implied_orders import TAKEN


class Kind(Enum):
    """What a clause is."""

    TOLD = "told: a note"
    COURTESY = "said before or behind, and says nothing"
    ORDER = "plain, and done"
    UNCLEAR = "an order that is asked back"
    TAKEN = "whoever says so acknowledges it"
    RUN = "it is to be looked at again"
    CLOSE = "the incident is to be over"
    BACK = "it works again, somebody says"
    SPEAKS = "it may alert again"
    TAKES_BACK = "what was done last is to be undone"


_AGAIN = r"(?: (?:again|now|once more|please|otra vez|de nuevo|ahora|ya|por favor))"
_IT = r"(?: (?:it|that|this|them|esto|eso))?"
_BACK = r"(?:back(?: up)?|up|fixed|ok|fine|good|solved|working)"
_ALERT = "(?:alert|notify|talk|post|speak|page|warn|ping)(?:ing)?(?: (?:us|me|again))*"
CLAUSES: Mapping[Kind, Sequence[str]] = {
    Kind.COURTESY: (
        r"(?:(?:oh|ok|okay|no|wait|hm+|sorry|please|thanks?|thank you|actually|well|right|so|hey|my bad)\s?)+",
        r"(?:(?:no|perdon|espera|vale|gracias|por favor|bueno|uy|ups|hm+)\s?)+",
        r"(?:do not|don'?t) (?:worry|panic)|no (?:te|os) preocup(?:es|eis)|tranquil[oa]s?",
    ),
    Kind.RUN: (
        rf"(?:check|look|try|test|run)(?: (?:at )?(?:it|this|that|them|both|all(?: of them)?))?{_AGAIN}+",
        rf"re-?(?:check|run|test|try){_IT}{_AGAIN}?",
        rf"(?:mira|comprueba|prueba|revisa|chequea)(?:(?:lo|la)|(?:lo|la)?{_AGAIN}+)",
        rf"vuelve a (?:mirar|probar|comprobar|revisar)(?:lo|la)?{_AGAIN}?",
    ),
    Kind.BACK: (
        rf"(?:(?:it'?s|it is|we'?re|they'?re|everything is) )?(?:all )?{_BACK}(?: (?:again|now))?",
        r"(?:it )?works(?: again| now)?",
        r"(?:(?:ya )?esta(?: ya)? |todo )?(?:arreglad[oa]|resuelt[oa]|bien|listo|funcionando)(?: (?:ya|otra vez))?",
        r"ya (?:esta|funciona|va|responde)(?: (?:bien|otra vez))?",
    ),
    Kind.CLOSE: (CLOSES,),
    Kind.SPEAKS: (
        rf"(?:you (?:can|may) )?(?:start|keep|keep on|go on|resume) {_ALERT}",
        rf"(?:you (?:can|may) )?{_ALERT} (?:again|anyway)|you (?:can|may) {_ALERT}",
        r"(?:(?:i|we) (?:do )?want to |let (?:me|us) )?hear(?: (?:of|about|it|this|that|them|all))+",
        r"(?:quiero|queremos) (?:oir|saber|ver)(?:lo|la|los|las)?(?: (?:todo|de esto|de ello))?|(?:quiero )?enterarme",
        r"(?:ya )?(?:puedes |vuelve a |sigue |puedes volver a )(?:avisa|alerta)(?:r|ndo)?(?: (?:otra vez|ya))*",
    ),
    Kind.TAKES_BACK: (
        r"(?:i )?take (?:that|it|this) back|(?:forget|scratch|undo|revert|cancel|drop) (?:it|that|this)|never ?mind",
        r"undo|cancel|revert|i was wrong|(?:not|isn'?t|it'?s not) (?:me|mine)|(?:i )?did ?n[o']t mean (?:it|that)",
        r"(?:leave|put) it (?:back )?(?:as|like|the way) it was|(?:forget|ignore) (?:what i said|that|my last .{1,20})",
        r"deja(?:lo|la) como estaba|olvida(?:lo|la|d)?(?: (?:eso|esto|lo que .{1,20}))?",
        r"me (?:he )?equivo(?:que|cado)|(?:quita|deshaz|cancela|olvida)(?:lo|la)|deshacer|cancelar?|lo retiro",
        r"no (?:soy|era) yo|no es mi[oa]",
    ),
    Kind.TAKEN: (TAKEN,),
}
"""The first whose pattern is the whole clause, in lower case and without accents."""

BREAKS = re.compile(
    r"(?:\s*[,;.!:]+\s+|\s+[-+&\u2013\u2014]+\s+|"
    r"\s+(?:and|then|so|y|luego|asi que|entonces)\s+(?=(?:please |then )?(?:(?:un)?(?:mute|snooze|ack)|pause|resume|"
    r"silence|look|check|run|try|close|silencia|pospon|pausa|mira|comprueba|revisa|prueba|cierra)))"
)
TURNS = re.compile(
    r"(?:if|unless|when|once|until|only|except|but|not|do ?n[o']t|never|no|si|cuando|solo|salvo|pero|en cuanto|"
    r"maybe|perhaps|quizas?|as soon as|later)(?!\w)"
)
"""What a clause begins with that may take back what another one orders."""

WISHES = re.compile(
    r"(?:.*?\W)??(?P<verb>(?:un)?(?:mute|snooze|silence|pause|ack|acknowledge)d?|(?:mut|snooz|silenc|paus)ing|"
    r"silenci(?:a|ar|es|e|emos|ad|aras?|ases?)|pospon(?:er|gas|ga)|paus(?:a|ar|es)|reconoc(?:e|er))(?:l[oa])?"
    r"(?P<behind>(?:\W+(?:it|this|that|them|both|all|(?:the |la )?alert[as]?|est[ao]|l[ao]s?|for|until|till?|hasta|"
    r"durante|\d+\w*|an?|one|two|half|una?|media|dos|un|now|ya|todavia|yet)(?!\w).*)?)"
)
DENIED = re.compile(r"(?<!\w)(?:do ?n[o']t|never|no|nobody|nadie|nunca|without|sin|should ?n[o']t|must ?n[o']t)(?!\w)")
REMIND = re.compile(
    r"(?:(?:wake|ping|remind|tell|alert|page|poke) (?:me|us)(?: up)?|(?:avisa|recuerda|despierta|alerta)(?:me|nos))"
    r"(?: (?:again|about (?:it|this)|otra vez|de nuevo|de esto))* (?:(?:in|after|en|dentro de) )?(?P<end>.{1,30})"
)
"""`ping me again in 30 minutes`: a snooze alerts again."""
NEEDED = re.compile(
    r"(?:gimme|give (?:me|us)|i need|we need|dame|danos|necesito)(?: (?:just|only|another|solo))? (?P<end>.{1,30})"
)
"""`gimme 20 minutes`, and nothing else: the same."""
REQUESTED = re.compile(
    r"[,.;:!] +(?:(?:and|so|y) )?(?:(?:can|could|would|will) (?:you|someone|somebody)|puedes|podrias|podeis)(?!\w)"
)
"""What begins the last clause of a question that asks for something to be done."""

VERBS = {"silenc": "mute", "mut": "mute", "snooz": "snooze", "pospon": "snooze", "paus": "pause", "reconoc": "ack"}
"""What such a verb begins with, and which act that is."""

DONE = re.compile(r"d$")
"""How it ends where somebody did it, unless it is wished for."""
WANTS = re.compile(r"(?:rather|prefer|like|wish|want|need|prefer(?:iria|imos)|quier[eo]|gustaria|mejor)(?!\w)")

TAKES_BACK_IT = re.compile(
    r"(?:do not|don'?t|never|no) (?:(?:mute|snooze|pause|ack|silence) it|(?:silencies|pospongas|pauses) (?:a )?it)"
)
