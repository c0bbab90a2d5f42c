"""Whole dialogues on the strict workspace: what is asked below an answer, in both languages, wherever it is asked."""

import re

import pytest

from .stage import bot_on, content
from .test_conversation import answers, written

MAIL, EXPIRED = "mail.lab.example", "expired.lab.example"
BOTH = f"{MAIL} {EXPIRED}"

DIALOGUES = (
    ("dm", (f"{MAIL} 587", "is port 25 open on it?"), "*mail.lab.example* works. Port 25"),
    ("thread", (f"{MAIL} 587", "¿está abierto el puerto 25?"), "*mail.lab.example* works. Port 25"),
    ("dm", (f"{BOTH} 25", "check both"), "Both hosts work."),
    ("channel", (f"{MAIL} 25", f"{EXPIRED} 25", "revisa los dos"), "Both hosts work."),
    ("thread", (BOTH, "what's wrong with the second one?"), "*Why*\n.*expired.lab.example.*expired 12 days ago"),
    ("dm", (BOTH, "¿qué le pasa al segundo?", "and the other one?"), "*mail.lab.example* works"),
    ("channel", (f"{MAIL} 25", f"{EXPIRED} 25", "¿y el otro?"), "*mail.lab.example* works. Port 25"),
    ("dm", (f"{MAIL} 587", "is the cert ok?"), "^:white_check_mark: The certificate of *mail.lab.example* is valid: "),
    (
        "thread",
        (EXPIRED, "is it still expired?"),
        "^:warning: *expired.lab.example*: The certificate expired 12 days ago",
    ),
    ("channel", (EXPIRED, "¿sigue caducado?"), "^:warning: *expired.lab.example*: The certificate expired 12 days ago"),
    ("dm", (BOTH, "which of them has no TLS?"), "^:white_check_mark: *mail.lab.example*: TLS works on 25, 465, 587"),
    ("dm", (BOTH, "does the first one offer a login?"), "^:white_check_mark: *mail.lab.example* offers a login on 465"),
    ("dm", (f"watch {EXPIRED} 465", "why?"), "*Why*\n.*expired 12 days ago"),
    ("thread", (EXPIRED, f"historial de {EXPIRED}", "¿por qué?"), "*Why*\n.*expired 12 days ago"),
    (
        "thread",
        (f"{MAIL} 25", "again"),
        "^:hourglass_flowing_sand: *Not checked again yet*: the last check, by .* is 1 s old",
    ),
    ("dm", (f"{BOTH} 25", "otra vez"), "^:hourglass_flowing_sand: *Not checked again yet*: the last check is"),
    ("thread", (f"compare {MAIL} and {EXPIRED}",), "^*mail.lab.example* and *expired.lab.example*: 5 things differ."),
    ("channel", (f"{MAIL} vs {EXPIRED}",), "Certificate: until .* days left / expired "),
    ("dm", (BOTH, "¿en qué se diferencian?"), "Equal: Port to use (465 with implicit TLS); port 25 (✓ TLS 1.3)"),
    (
        "dm",
        (f"{MAIL} 25", f"compáralo con {EXPIRED}"),
        "*mail.lab.example* and *expired.lab.example*: one thing differs.",
    ),
)


@pytest.fixture
async def over_socket(ws, lab):
    async with bot_on(ws, lab, pace=()) as running:
        yield running


@pytest.mark.parametrize(("place", "turns", "said"), DIALOGUES)
async def test_what_is_asked_below_an_answer_is_about_what_that_named(over_socket, ws, place, turns, said):
    where = ws.dm("ana") if place == "dm" else "mailops"
    first = None
    for text in turns:
        more = {"thread_ts": first.ts} if first and place == "thread" else {}
        message = await written(over_socket, text if place == "dm" else f"@portero {text}", where, **more)
        first = first or message
    last = answers(over_socket, where)[-1].text
    assert re.search(re.sub(r"([*().])", r"\\\1", said).replace("\\.\\*", ".*"), last, re.DOTALL), last


async def test_a_comparison_shows_what_differs_and_says_what_is_equal_in_a_line(over_socket, ws):
    dm = ws.dm("ana")
    await written(over_socket, f"compare {BOTH} 25 465", dm)
    [answer] = answers(over_socket, dm)
    [table] = [block for block in answer.blocks if block["type"] == "table"]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows[0] == ["Differs", MAIL, EXPIRED]
    assert rows[1] == ["465", "✓ TLS 1.3", "! TLS 1.3, cert expired"]
    assert rows[2][0] == "Certificate"
    assert "Equal: port 25 (✓ TLS 1.3); Login (465: PLAIN LOGIN)." in answer.text
    assert "Check both and compare again" in content(answer)


async def test_the_history_compares_two_hosts_in_the_same_words(over_socket, ws):
    await over_socket.type(f"/smtpcheck {MAIL} 25")
    done = await over_socket.type(f"/smtphistory compare {MAIL} {EXPIRED} 25")
    assert done is not None
    assert over_socket.last().text.startswith("*mail.lab.example* and *expired.lab.example*: one thing differs.")
    await over_socket.type(f"/smtphistory compare {MAIL} mx2.lab.example {EXPIRED}")
    assert "Two hosts are compared." in over_socket.last().text


@pytest.mark.parametrize("text", ["what changed at {}", "qué ha cambiado en {}", "history of {}"])
async def test_of_what_the_channel_knows_nothing_of_the_asker_alone_reads_what_is_theirs(over_socket, ws, text):
    await written(over_socket, f"{MAIL} 25", ws.dm("ana"))
    await written(over_socket, f"@portero {text.format(MAIL)}")
    mine = answers(over_socket)[-1]
    await written(over_socket, f"@portero {text.format(MAIL)}", user="bruno")
    nothing = answers(over_socket, viewer="bruno")[-1]
    assert (mine.ephemeral_to, "*Only you see this.*" in mine.text) == (ws.user("ana").id, True)
    assert "mail.lab.example" in mine.text.partition("\n")[2]
    assert "Nothing found" in nothing.text
    await written(over_socket, f"@portero {MAIL} 25")
    await written(over_socket, f"@portero {text.format(MAIL)}")
    assert answers(over_socket)[-1].ephemeral_to == ""
