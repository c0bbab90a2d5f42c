"""What a question is after: a port and its settings, or something else that a port alone does not answer."""

import re

_ASKS = re.compile(
    r"\?|(?:^|[.,;:!\n] ?|\b(?:and|but|so|then|y|pero|now) )"
    r"(?:is|are|was|does|do|did|can|could|should|shall|will|would|may|must|has|have|why|how|when|where|what|which|who"
    r"|qu[eé]|cu[aá]l|c[oó]mo|cu[aá]ndo|cu[aá]nt[oa]s?|por qu[eé]|d[oó]nde|qui[eé]n|puedo|puede|se puede|hace falta"
    r"|tengo que|hay que|debo|es|son|wie|was|warum|kann)\b"
)
_WHICH = (
    r"\b(?:which|what|qu[eé]|cu[aá]l(?: es)?|welche\w?|quel|qual)(?: \w+){0,3} (?:ports?|puertos?|porta|server|host"
    r"|settings|mode)\b"
)
_NAMES_ONE = re.compile(_WHICH)
_OF_OTHER_THINGS = re.compile(
    r"(?:^|[.,;:!\n] ?)(?:who|whose|when|how (?:many|much|long|often)|qui[eé]n|cu[aá]ndo|cu[aá]nt[oa]s?|what happens)\b"
)
"""Forms of asking that are about no port, whatever verb follows."""

_OF_PORTS = re.compile(
    rf"{_WHICH}"
    r"|\b(?:ports?|puertos?|porta|smtp|ssl|tls|starttls)\W*\?|\b(?:ports?|puertos?) (?:for|para)\b"
    r"|\b(?:465|587|2525|25|ssl|tls|starttls|smtps) (?:or|oder|o|ou|vs) "
    r"|\b(?:why|por qu[eé]) no\w?\b|\bdeprecated\b|\bobsolet\w+\b|\bpossible\b|\bwhat (?:now|next|else)\b"
    r"|\bis there an? \w+\b"
    r"|\b(?:us(?:e|es|ing|ar|o|amos)|utiliz\w+|choose|pick|set|put|enter|pongo|poner|configur\w+|try|prob\w+|switch"
    r"|recommended|ok|okay|fine|right|correct\w?|good|mejor|better|best|valid|normal|instead|alternativ\w+"
    r"|open\w*|closed?|block\w*|blockiert|gesperrt|bloque\w*|abr\w+|abiert\w+|cerrad\w+|cierr\w+|unblock\w*|lift\w*"
    r"|desbloque\w*|allow\w*|permit\w*|works?|working|funciona\w?|va|support\w*|soporta|accepts?|acepta"
    r"|listens?|escucha|offers?|ofrece|needs?|necesit\w+|sends?|enviar|mandar|deliver|entreg\w+|relay|receive|recibir"
    r"|salir|sale|connect\w*|conect\w+)\b"
)
"""Words of those who want a port, or to know of one whether it is there and gets through."""


def is_of_ports(text: str) -> bool:
    """Whether a text in lower case asks for a port, or asks nothing at all: who names a purpose wants its port."""
    if _OF_OTHER_THINGS.search(text) and not _NAMES_ONE.search(text):
        return False
    return _ASKS.search(text) is None or _OF_PORTS.search(text) is not None
