"""Words that stand in a question for how something is, and say no more of it. Data, and the patterns made of them.

Whatever is asked of a thing with these words alone is a question for it: `is the cert of it still ok?`. They are plain
words, each once: so a pattern of them tries no text twice.
"""

import re

from bot.slack.conversation.sentence import patterns


def _words(*texts: str) -> frozenset[str]:
    return frozenset(" ".join(texts).split())


LITTLE = _words(
    "is are was does do did has have been be the a an any it its this that there them they their on in at of with for",
    "to too also still already now yet again not no and or but what what's how about all so then",
    "good bad well as wrong me show check least menos",
    "it's",
    "y o e el la los las lo un una su sus en de del con que como ya sigue siguen esta estan es son ha han se tambien",
    "ahora aun bien mal tal pero esto eso le les al",
    patterns.STATES.replace("|", " "),
)
OF_USE = _words(
    "can could should will i we use using try test port ports puerto puertos puedo podemos usar uso prueba revisa",
    "comprueba abierta abiertos abiertas tiene tienen connect reach",
)
"""Beside the number of a port."""

OF_WORTH = _words(
    "which one ones when until host hosts server servers port ports offer offers support supports lack lacks speak",
    "speaks take takes accept accepts allow allows use uses without missing left day days long many much end ends run",
    "runs out get 1.0 1.1 1.2 1.3 version versions method methods mechanism mechanisms kind name both",
    "puerto puertos cual cuales quien cuando hasta sin tiene tienen ofrece ofrecen soporta soportan usa usan admite",
    "admiten acepta aceptan falta faltan dias queda quedan cuantos cuanto metodos ambos dos",
)
"""Beside what a check sees."""

CERTIFICATE = _words(
    "cert certs certificate certificates expire expires expired expiring renew renewed renewal trusted valid",
    "self-signed certificado certificados valido caduca caducado caducada caducados vence vencido vencida expira",
    "expirado renovado renovada",
)
TLS = _words("tls starttls ssl encryption encrypted cifrado")
LOGIN = _words("login logins auth authentication sasl autenticacion")


def any_of(*words: frozenset[str]) -> str:
    """A pattern for one of them."""
    return rf"(?:{'|'.join(map(re.escape, sorted(frozenset[str]().union(*words))))})(?!\w)"


def asked_of(things: frozenset[str]) -> str:
    """A pattern: one of the things, and nothing else but what asks for it."""
    few = any_of((LITTLE | OF_WORTH) - things)
    return rf"(?:{few}\s+)*{any_of(things)}(?:\s+{any_of(LITTLE | OF_WORTH | things)})*"


def round_ports(numbers: str) -> str:
    """A pattern: ports, and nothing else but what asks how they are."""
    few = any_of(LITTLE, OF_USE)
    return rf"(?:{few}\s+)*(?P<rest>{numbers})(?:\s+{few})*"
