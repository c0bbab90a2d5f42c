"""A summary that is to come again, in words of one's own: offered as the digest that it is, and never the contrary."""

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from bot.slack.conversation.orders.digest_orders import digest_wanted
from bot.slack.conversation.sentence.understood import CHOICE, OFFER
from bot.slack.conversation.understanding.understanding import understand
from tests.every import every

from .test_orders import asked
from .watchers import watchers_on

OFFERED = {
    "digest daily 09:15 Europe/Madrid": (
        "pasa el resumen diario a las 9 y cuarto, hora de Madrid",
        "send a daily summary at quarter past nine Madrid time",
    ),
    "digest daily 09:00": (
        "un resumen diario para el equipo a las 9",
        "send us a report every day at 9 in the morning",
    ),
    "digest monday 08:30": ("resumen los lunes a las ocho y media", "a roundup every monday at half past eight"),
    "digest friday 17:00 UTC": ("summaries on fridays at 17:00 UTC",),
    "digest weekly 17:00": ("send a summary every week at 5pm", "mándanos un informe cada semana a las 17:00"),
    "digest daily 07:00 America/New_York in #mailops": ("a daily report at 7am New York time in #mailops",),
    "digest off": (
        "weekly summary off",
        "no more weekly summaries please",
        "quita el resumen semanal",
        "deja de mandar el resumen diario",
    ),
}
NOT_POSSIBLE = {
    "08:30": ("send us a roundup each weekday at half past eight", "resumen de lunes a viernes a las ocho y media"),
    "09:00": (
        "daily summary at 9 except sundays",
        "resumen diario a las 9 menos los domingos",
        "daily recap, no weekends",
    ),
}
OTHERS = (
    *("summary of last night", "summary of monday", "weekly summary", "resumen de ayer", "what is a digest?"),
    *("summary of mail.example.com every day", "digest daily 09:00", "who gets the daily summary", "x" * 500),
)


@every([(line, text) for line, texts in OFFERED.items() for text in texts])
def test_a_summary_that_comes_again_is_offered_as_the_digest_that_it_is(line, text):
    found = understand(text)
    assert (found.text, found.value) == (OFFER, line)


@every([(at, text) for at, texts in NOT_POSSIBLE.items() for text in texts])
def test_what_leaves_days_out_says_what_is_possible(at, text):
    found = understand(text)
    assert (found.text, found.value.split("\n")[1:]) == (CHOICE, [f"digest daily {at}", f"digest monday {at}"])


@every(OTHERS)
def test_what_is_of_the_past_or_of_one_host_is_no_digest(text):
    assert digest_wanted(text) is None


@pytest.fixture
async def w(ws, services):
    async with watchers_on(ws, services) as made:
        yield made


async def test_its_buttons_say_what_they_set(w):
    told = {}
    for text in (
        "weekly summary off",
        "send us a roundup each weekday at half past eight",
        "digest daily at 9 except sundays",
        "rename the tag prod to live",
    ):
        told[text] = [one.label for one in numbered_buttons(await asked(w, text))]
    assert told == {
        "weekly summary off": ["Digest off", "What is watched"],
        "send us a roundup each weekday at half past eight": ["Digest daily 08:30", "Digest monday 08:30"],
        "digest daily at 9 except sundays": ["Digest daily 09:00 Europe/Madrid", "Digest monday 09:00 Europe/Madrid"],
        "rename the tag prod to live": ["Tag tag:prod live", "Untag tag:prod prod"],
    }
