"""Spanish words behind a command, as the command knows them in English. Data, and what reads it. Pure.

Where they are read, and with which English words: `commands.other_words`.
"""

import re
from collections.abc import Mapping

MONTHS: Mapping[str, str] = {
    "enero": "january",
    "febrero": "february",
    "marzo": "march",
    "abril": "april",
    "mayo": "may",
    "junio": "june",
    "julio": "july",
    "agosto": "august",
    "septiembre": "september",
    "setiembre": "september",
    "octubre": "october",
    "noviembre": "november",
    "diciembre": "december",
}

DAYS: Mapping[str, str] = {
    "lunes": "monday",
    "martes": "tuesday",
    "miercoles": "wednesday",
    "jueves": "thursday",
    "viernes": "friday",
    "sabado": "saturday",
    "domingo": "sunday",
}

IN_ENGLISH: Mapping[str, Mapping[str, str]] = {
    "smtpcheck": {
        "desde": "from",
        "puerto": "port",
        "puertos": "ports",
        "el": "",
        "la": "",
        "los": "",
        "y": "and",
        "en": "on",
        "de": "",
        "otra": "again",
        "aqui": "here",
        "vez": "",
        "nuevo": "again",
        "fondo": "deep",
        "a": "",
        "todos": "all",
        **dict.fromkeys(("estos", "estas", "servidor", "servidores"), ""),
    },
    "smtphistory": {
        "de": "",
        "del": "",
        "en": "",
        "desde": "since",
        "hasta": "until",
        "ayer": "yesterday",
        "hoy": "today",
        "puerto": "port",
        **dict.fromkeys(("fallos", "falla", "fallan", "fallando", "rota", "roto", "mal"), "failed"),
        **dict.fromkeys(("lleva", "llevan", "sigue", "siguen"), ""),
        "cambios": "changes",
        "esta": "is",
        "caido": "down",
        "caida": "down",
        **dict.fromkeys(("funciona", "funcionan", "responde", "contesta", "va", "operativo", "operativa"), "up"),
        "estuvo": "was",
        "y": "and",
        "cuando": "when",
        "el": "",
        "la": "",
        **DAYS,
        **dict.fromkeys(("certificado", "certificados", "caduca", "caducan", "vence", "vencen"), "certificates"),
        "este": "this",
        "mes": "month",
        "semana": "week",
        "dias": "days",
        "mio": "mine",
        "mios": "mine",
        "todo": "all",
        **MONTHS,
    },
    "smtpwatch": {"cada": "every", "avisa": "notify", "hasta": "until", "en": "in"},
}
"""Words that stand alone behind a phrase, as the command knows them; an empty one is left out."""

VERBS: Mapping[str, Mapping[str, str]] = {
    "smtpwatch": {
        **dict.fromkeys(("vigila", "vigilar", "anade", "anadir", "agrega", "agregar"), "add"),
        **dict.fromkeys(("borra", "borrar", "elimina", "eliminar"), "delete"),
        **dict.fromkeys(("silencia", "silenciar"), "mute"),
        **dict.fromkeys(("pospon", "posponer"), "snooze"),
        **dict.fromkeys(("lista", "listar"), "list"),
        **dict.fromkeys(("pausa", "pausar"), "pause"),
        **dict.fromkeys(("reanuda", "reanudar"), "resume"),
        **dict.fromkeys(("muestra", "mostrar"), "show"),
        **dict.fromkeys(("deshaz", "deshacer"), "undo"),
        **dict.fromkeys(("incidentes", "incidencias"), "incidents"),
        **dict.fromkeys(("todo", "todos", "todas"), "all"),
        "historial": "history",
        "puerto": "port",
        "puertos": "ports",
    },
}
"""What is read behind a command alone."""


def folded(text: str) -> str:
    """In lower case and without the accents of Spanish: each character stays where it was."""
    return text.translate(_FOLD)


_FOLD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZáéíóúüñÁÉÍÓÚÜÑ\u2019", "abcdefghijklmnopqrstuvwxyzaeiouunaeiouun'")

TOGETHER: Mapping[str, str] = {
    "esta semana": "this week",
    "este mes": "this month",
    "esta noche": "tonight",
    "hasta el": "until",
    "el finde": "the weekend",
    "el fin de semana": "the weekend",
    "este finde": "this weekend",
    "este fin de semana": "this weekend",
    "fin de semana": "weekend",
    "de hoy": "today",
    "de ayer": "yesterday",
    "la semana pasada": "last week",
    "semana pasada": "last week",
    "el mes pasado": "last month",
    "que caducan": "ending",
    "que vencen": "ending",
}
"""Words that mean something else together than one by one."""


def is_spanish(word: str, command: str) -> bool:
    return folded(word) in IN_ENGLISH[command]


def put_together(text: str) -> str:
    """With `TOGETHER` in English."""
    return _TOGETHER.sub(lambda found: TOGETHER[folded(found[0])], text)


_TOGETHER = re.compile(rf"(?<!\w)(?:{'|'.join(TOGETHER)})(?!\w)", re.IGNORECASE)
