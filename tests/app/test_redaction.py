from itertools import product

import pytest

from bot.observability.redaction import HIDDEN, redacted
from tests.every import every


@every(
    product(
        [
            "xoxb-1234-5678-abcdEFGH",
            "xoxp-1-2-3",
            "xoxe.xoxp-1-Mi0yLTEyMz",
            "xapp-1-A012-345-abc",
            "xwfp-1-2-abc",
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
            "4567890123.1234567890.0123456789abcdef0123456789abcdef",
            "https://hooks.slack.com/commands/T012/345/SeCrEt",
            "https://hooks.example.com?key=SeCrEt",
            "https://me:SeCrEt@hooks.example.com/",
            "wss://wss-primary.slack.com/link/?ticket=SeCrEt&app_id=A1",
            "/services/T012/B345/SeCrEt",
            "/link/?ticket=SeCrEt",
            "?a=1&token=SeCrEt",
            "HTTPS://HOOKS.EXAMPLE.COM/SeCrEt",
            "https://[2001:db8::1]:8443/SeCrEt",
        ],
        ["{}", "({})", "'{}'", "url='{}', status=503", "Authorization: Bearer {}, next"],
    )
)
def test_what_looks_like_a_secret_is_covered_wherever_it_stands(secret, around):
    text = redacted(around.format(secret))
    assert HIDDEN in text
    assert all(piece not in text for piece in ("SeCrEt", "abcdEFGH", "Mi0yLTEyMz", "345-abc", "9c69b503", "cdef01"))


def test_known_secrets_are_covered_whatever_their_shape():
    assert redacted("login me with correct horse!", {"correct horse", "correct horse!"}) == f"login me with {HIDDEN}"


def test_a_secret_of_a_letter_or_two_would_cover_half_of_every_line():
    assert redacted("at 10:00", {"0", "at"}) == "at 10:00"


@pytest.mark.parametrize(
    "text",
    [
        "portero is up (HTTP); health at http://127.0.0.1:3000/healthz",
        "request 1a2b3c4d: /smtpcheck could not use the history: /var/lib/portero/portero.db is full",
        "an alert of the watch w-7k3fq could not be delivered by slack (attempt 2)",
        "connected as portero of mailops",
        "Compare it with Basic Information > App-Level Tokens, with the scope connections:write.",
        "Slack cannot be reached: Cannot connect to host slack.com:443 ssl:default [Name or service not known]",
        "It was tried at https://slack.com/api/.",
    ],
)
def test_what_we_say_ourselves_stays_as_it_is(text):
    assert redacted(text) == text
