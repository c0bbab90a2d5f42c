"""What is typed in Spanish behind a command is what is typed in English, where it is no English."""

from datetime import UTC, datetime

import pytest

from commands.contract import UserError
from commands.history.log_filters import parse_log
from commands.history.typed_filters import parse_filters
from commands.smtpcheck.arguments import parse_network, parse_several
from commands.watch.typed.arguments import parse
from commands.watch.typed.asked import Context
from tests.every import every

HOST = "mail.example.com"
CONTEXT = Context(datetime(2026, 11, 29, 12, tzinfo=UTC), lambda target: (target, None, False))


def checks(text):
    return parse_several(text, (25, 465, 587, 2525))


def network(text):
    return parse_network(text, (25, 465, 587, 2525))


def watches(text):
    return parse(text, CONTEXT)


@every(
    [
        (checks, f"{HOST} puerto 587", f"{HOST} port 587"),
        (checks, f"el servidor {HOST} en el 587", f"{HOST} on 587"),
        (checks, f"{HOST} otra vez", f"{HOST} again"),
        (checks, f"{HOST} desde mta-03", f"{HOST} from mta-03"),
        (checks, f"{HOST} aquí", f"{HOST} here"),
        (network, "network desde mta-03", "network from mta-03"),
        (parse_filters, f"{HOST} ayer", f"{HOST} yesterday"),
        (parse_filters, "hoy", "today"),
        (parse_filters, "certificados que caducan este mes", "certificates this month"),
        (parse_filters, "fallos esta semana", "failed since this week"),
        (parse_filters, "fallos desde el lunes", "failed since monday"),
        (parse_log, "hoy", "today"),
        (parse_log, "mutes desde ayer", "mutes since yesterday"),
        (watches, f"vigila {HOST} 25 cada 5 minutos", f"add {HOST} 25 every 5 minutes"),
        (watches, f"borrar {HOST}", f"delete {HOST}"),
        (watches, "silenciar todo 2h", "mute all 2h"),
        (watches, "lista", "list"),
    ]
)
def test_a_line_in_spanish_is_read_as_the_one_in_english(read, spanish, english):
    assert read(spanish) == read(english)


@every(
    [(checks, f"el correo de {HOST}", "el"), (parse_filters, "que ha fallado", "ha"), (watches, "cancela", "cancela")]
)
def test_what_makes_no_sense_in_either_is_told_of_what_was_typed(read, text, word):
    with pytest.raises(UserError, match=f"`{word}`"):
        read(text)


def test_the_reason_of_a_mute_stays_as_it_was_typed():
    assert "todo en obras hasta las 3" in repr(watches(f"mute {HOST} 2h todo en obras hasta las 3"))
