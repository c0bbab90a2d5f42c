"""Spanish words behind a command, as the command knows them. Pure.

In a conversation they are always read so (`translated`); what is typed behind a command only where it makes no sense as
it stands (`in_either`): a word of a name or of a reason stays what it is.
"""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from commands.contract import UserError

P = ParamSpec("P")
Read = TypeVar("Read")

IN_ENGLISH: Mapping[str, Mapping[str, str]] = {
    "smtpcheck": {
        "desde": "from",
        "puerto": "port",
        "puertos": "ports",
        "el": "",
        "la": "",
        "los": "",
        "of": "",
        "y": "and",
        "en": "on",
        "de": "",
        "otra": "again",
        "aqui": "here",
        "vez": "",
        "nuevo": "again",
        "fondo": "deep",
        "a": "",
        "deeply": "deep",
        "todos": "all",
        "the": "",
        **dict.fromkeys(("these", "those", "following", "estos", "estas", "hosts", "servers", "servidores"), ""),
        "host": "",
        "server": "",
        "servidor": "",
    },
    "smtphistory": {
        "de": "",
        "del": "",
        "en": "",
        "at": "",
        "desde": "since",
        "hasta": "until",
        "ayer": "yesterday",
        "hoy": "today",
        "puerto": "port",
        "fallos": "failed",
        "cambios": "changes",
        "esta": "is",
        "caido": "down",
        "caida": "down",
        "el": "",
        "la": "",
        "lunes": "monday",
        "martes": "tuesday",
        "miercoles": "wednesday",
        "jueves": "thursday",
        "viernes": "friday",
        "sabado": "saturday",
        "domingo": "sunday",
        "mio": "mine",
        "mios": "mine",
        "todo": "all",
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
        **dict.fromkeys(("minuto", "minutos"), "minutes"),
        **dict.fromkeys(("hora", "horas"), "hours"),
        **dict.fromkeys(("dia", "dias"), "days"),
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


def translated(text: str, command: str) -> str:
    """With the words that stand alone as the command knows them."""
    return _with(IN_ENGLISH.get(command, {}), text)


def is_spanish(word: str, command: str) -> bool:
    return folded(word) in IN_ENGLISH[command]


def in_either(command: str) -> Callable[[Callable[Concatenate[str, P], Read]], Callable[Concatenate[str, P], Read]]:
    """Decorates what reads a text behind a command: what makes no sense is read once more, in English."""
    known = {**IN_ENGLISH[command], **VERBS.get(command, {})}

    def decorate(read: Callable[Concatenate[str, P], Read]) -> Callable[Concatenate[str, P], Read]:
        @wraps(read)
        def either(text: str, /, *more: P.args, **named: P.kwargs) -> Read:
            try:
                return read(text, *more, **named)
            except UserError:
                line = _with(known, text)
                if line in {"", text.strip()}:
                    raise
                try:
                    return read(line, *more, **named)
                except UserError:
                    pass
                raise

        return either

    return decorate


def _with(known: Mapping[str, str], text: str) -> str:
    words = [known.get(folded(word).removesuffix(":"), word) for word in re.split(r"(\s+)", text)]
    return re.sub(r"[^\S\n]{2,}", " ", "".join(words)).strip()
