"""Whoever typed something that is nearly right presses one button, in a terminal pastes one line."""

import ast
import json
import sys
from pathlib import Path

import pytest

from bot.demo.workspace.buttons import numbered_buttons
from commands.contract import UserError

from .stage import lab_services
from .walk import Walk
from .watchers import watchers_on

HOST = "mail.lab.example"
ROOT = Path(__file__).parents[2]

TYPED = {
    "/smtphistory export failed": "Show failed csv",
    "/smtphistory mail.lab.example changes csv": "Show mail.lab.example csv",
    "/smtpcheck 3325256729 25": "Check 198.51.100.25 25",
    "/smtpcheck *my_mail.lab.example* 25 here": "Check my-mail.lab.example 25 here",
    "/smtpcheck -mail.lab.example 25": "Check mail.lab.example 25",
    "/smtpcheck mail.lab.example:25:587": "Check mail.lab.example 25 587",
    "/smtpcheck mail.lab.example:http": "Check mail.lab.example",
    "/smtpcheck fe80::1%eth0 25": "Check fe80::1 25",
    "/smtpcheck 198.51.100.25/24 25": "Check 198.51.100.25 25",
    "/smtpcheck 198.51.100.25-20 25": "Check 198.51.100.25 25",
    "/smtpcheck <@U0123ABCD>": "Show by @U0123ABCD",
    "/smtpcheck mail.lab.example 25 agian": "Check mail.lab.example 25 again",
    "/smtpcheck mail.lab.example 25 fast": "Check mail.lab.example 25",
    "/smtpcheck mail.lab.example 22 25": "Check mail.lab.example 25",
    "/smtpcheck mail.lab.example 25 from": "Check mail.lab.example 25",
    "/smtpcheck mail.lab.example 25 from fra-1, mta-03": "Check mail.lab.example 25 from all",
    "/smtpcheck network 25 mail.lab.example": "Check network 25",
    "/smtpcheck mail.lab.example network": "Check network",
    "/smtpcheck a.example b.example c.example d.example e.example f.example 25":
        "Check a.example b.example c.example d.example e.example 25",
    "/smtpcheck mail.lab.example dead.lab.example 25 from all": "Check mail.lab.example 25 from all",
    "/smtpcheck gmail 587": "Check smtp.gmail.com 587",
    "/smtpcheck ses": "Ask: ses",
    "/smtpport etzner": "Ask: hetzner",
    "/pmta explain PMTA4O1": "Explain PMTA401",
    "/pmta explain retry-aftr": "Explain retry-after",
    "/smtphistory faild": "Show failed",
    "/smtphistory mail.lab.example sinse 7d": "Show mail.lab.example since 7d",
    "/smtphistory since yesteday": "Show since yesterday",
    "/smtphistory since 7": "Show since 7d",
    "/smtphistory 11.10.2026": "Show 2026-10-11",
    "/smtphistory november": "Show nov 1 nov 30",
    "/smtphistory mail.lab.example other.example": "Show mail.lab.example",
    "/smtphistory mail.lab.example flapping": "Show mail.lab.example",
    "/smtphistory incidents of mail.lab.example": "Incidents mail.lab.example",
    "/smtphistory w-7k3fq.12": "Open w-7k3fq.12",
    "/smtphistory tag:prod tag:eu": "Show tag:prod",
    "/smtphistory provider ses provider sparkpost": "Show provider ses",
    "/smtphistory provider sess": "Show provider ses",
    "/smtphistory changes certificates": "Show changes",
    "/smtphistory port 25 port 587": "Show port 25",
    "/smtphistory mine by <@U0123ABCD>": "Show mine",
    "/smtphistory since 7d since 9d": "Show since 7d",
    "/smtphistory since today until 9d": "Show since 9d until today",
    "/smtphistory certificates failed": "Show failed",
    "/smtphistory tag:prd": "Show tag:prod",
    "/smtpwatch lst": "List",
    "/smtpwatch shw mail.lab.example": "Show mail.lab.example",
    "/smtpwatch third.lab.example": "Add watch third.lab.example",
    "/smtpwatch add my_mail.lab.example 25 evry 15m": "Add watch my-mail.lab.example 25 evry 15m",
    "/smtpwatch add third.lab.example:25 every 15m": "Watch anyway",
    "/smtpwatch add mial.lab.example 25": "Add watch mail.lab.example 25",
    "/smtpwatch add other.lab.example evry 15m": "Add watch other.lab.example every 15m",
    "/smtpwatch add other.lab.example, mail.lab.example 25 every 15m": "Add watch other.lab.example 25 every 15m",
    "/smtpwatch add tag:prod every 15m": "List tag:prod",
    "/smtpwatch snooze all": "Snooze all 2h",
    "/smtpwatch snooze mail.lab.example 2 huors": "Snooze mail.lab.example 2 hours",
    "/smtpwatch snooze mail.lab.example 45": "Snooze mail.lab.example 45m",
    "/smtpwatch mute mail.lab.example from 22:00 to 6:00": "Edit mail.lab.example maintenance 22:00-06:00",
    "/smtpwatch delete mail.lab.example expired.lab.example": "Delete mail.lab.example",
    "/smtpwatch list dwn": "List down",
    "/smtpwatch list down healthy": "List down",
    "/smtpwatch show all": "List all",
    "/smtpwatch show mail.lab.example please": "Show mail.lab.example",
    "/smtpwatch show mial.lab.example": "Show mail.lab.example",
    "/smtpwatch show mail": "Show mail.lab.example",
    "/smtpwatch show twice.lab.example": "Show w-",
    "/smtpwatch mute tag:porod 2h": "Mute tag:prod 2h",
    "/smtpwatch mute tag:prod for the weekend": "Mute tag:prod until monday",
    "/smtpwatch mute mail.lab.example 587 for 1h": "Show mail.lab.example",
    "/smtpwatch mute mail.lab.example at 22:00 for 2h": "Show mail.lab.example",
    "/smtpwatch mute mail.lab.example until monday at 5": "Mute mail.lab.example until ",
    "/smtpwatch ack all but mail.lab.example": "List all",
    "/smtpwatch ack mail.lab.example except mx2.lab.example": "Acknowledge mail.lab.example only",
    "/smtpwatch tag mail.lab.example only prod": "Show mail.lab.example",
    "/smtpcheck compare mail.lab.example lab.example mx2.lab.example": "Check compare mail.lab.example lab.example",
    "/smtpwatch mute tag:ninguno 2h": "List tag:prod",
    "/smtpwatch snooze until tomorrow": "Snooze mail.lab.example until tomorrow",
    "/smtpwatch pause": "Pause mail.lab.example",
    "/smtpwatch dwn": "List down",
    "/smtpwatch run mail.lab.example": "Resume w-",
    "/smtpwatch ack mail.lab.example": "History w-",
    "/smtpwatch accept mail.lab.example": "Mute w-",
    "/smtpwatch incidents w-7k3fq.12": "Incidents",
    "/smtpwatch add mail.lab.example 587 every 5s": "Add watch mail.lab.example 587 every 1m",
    "/smtphistory certificates since 7d until dec 31": "Show certificates until 12-31",
    "/portero log foo": "Show log",
    "/portero versoin": "Show version",
    "/smtpwatch incidents all export": "Incidents all csv",
    "/smtpwatch digest": "Digest daily",
    "/smtpwatch digest dayly 9": "Digest daily 9",
    "/smtpwatch digest daily 9 except sundays": "Digest daily 09:00",
    "/smtpwatch add mail.lab.example except port 25": "Add watch mail.lab.example 465 587",
    "/smtpwatch incidents mail.lab.example sincee": "Incidents mail.lab.example since",
    "/portero statsu": "Show status",
    "/portero log mutes since 7d since 2d": "Show log mutes since 7d",
    "/portero log acks november": "Show log acks nov 1 nov 30",
    "/portero log mtues since 7d": "Show log mutes since 7d",
    "/portero help smtpchek": "Help on smtpcheck",
}  # fmt: skip
"""What is typed, and what the first button says."""

ON_THE_WAY = {
    "/smtpwatch add other.lab.example, mail.lab.example 25 every 15m",
    "/smtpwatch third.lab.example",
    "/smtpwatch add other.lab.example evry 15m",
    "/smtpwatch add my_mail.lab.example 25 evry 15m",
    "/smtpwatch incidents mail.lab.example sincee",
    "/smtphistory w-7k3fq.12",
}
"""Of two mistakes the first is mended first; of a word that needs another one that is asked for; no such
incident; no such name."""


def suggesting(*folders):
    """Where errors with a suggestion are made: file and line."""
    return {
        (str(path), node.lineno)
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"UserError", "DeclinedError"}
        and (len(node.args) > 2 or any(keyword.arg == "try_instead" for keyword in node.keywords))
    }


@pytest.fixture
def made(monkeypatch):
    """The places at which an error with a suggestion was made."""
    found = set()
    make = UserError.__init__

    def noted(self, *said, **more):
        make(self, *said, **more)
        if self.try_instead:
            frame = sys._getframe(1)
            found.add((frame.f_code.co_filename, frame.f_lineno))

    monkeypatch.setattr(UserError, "__init__", noted)
    return found


@pytest.fixture
async def bot(ws, tmp_path):
    async with lab_services(tmp_path) as services, watchers_on(ws, services) as watchers:
        for line in (f"{HOST} 25 tag prod", "twice.lab.example 25 anyway", "twice.lab.example 587 anyway"):
            await watchers.type(f"add {line}")
        yield watchers.stage


def offered(message):
    return [one for one in numbered_buttons(message) if ".instead" in one.action_id]


async def test_every_error_that_knows_what_was_meant_has_a_button_that_does_it(bot, ws, made):
    for line, label in TYPED.items():
        await bot.type(line)
        message, said = bot.last(), bot.last().text
        assert offered(message), line
        assert offered(message)[0].label.startswith(label), line
        bot.services.limiter._taken.clear()
        await ws.click(message, offered(message)[0], user="ana")
        await bot.bot.dispatcher.idle()
        answer = bot.last()
        assert answer.text != said or ws.view_of("ana") is not None, line
        if (form := ws.view_of("ana")) is not None:
            await ws.close(form)
            continue
        refused = answer.text.startswith(":grey_exclamation:")
        assert refused is (line in ON_THE_WAY), (line, answer.text)
    await whoever_checks_too_often_sees_what_was_seen(bot, ws)
    await a_sentence_that_may_mean_two_things_is_asked_back(bot, ws)
    await a_page_that_is_gone_begins_anew(bot, ws)
    unreached = suggesting("commands") - made
    assert {Path(file).relative_to(ROOT).as_posix() for file, _ in unreached} == IN_A_TERMINAL, unreached


IN_A_TERMINAL = {"commands/smtpcheck/arguments.py", "commands/smtpport/text.py"}
"""One target at a time, and what `portero port --for` does not know: `tests/terminal/test_instead.py`."""


async def a_sentence_that_may_mean_two_things_is_asked_back(bot, ws):
    dm = ws.dm("ana")
    for text, label in WRITTEN.items():
        await ws.write("ana", dm, text)
        await bot.bot.dispatcher.idle()
        asked = bot.seen("ana", dm)[-1]
        assert offered(asked)[0].label == label
        await ws.click(asked, offered(asked)[0], user="ana")
        await bot.bot.dispatcher.idle()
        if (form := ws.view_of("ana")) is not None:
            await ws.close(form)
        assert form is not None or bot.seen("ana", dm)[-1].text != asked.text


WRITTEN = {
    "mute mail.lab.example tomorrow": "Mute mail.lab.example until tomorrow",
    "ack mail.lab.example and mute 1h": "Acknowledge mail.lab.example",
}


async def whoever_checks_too_often_sees_what_was_seen(bot, ws):
    while not bot.services.wait_for_target("null.lab.example", (25,)):
        pass
    await bot.type("/smtpcheck null.lab.example 25")
    assert [one.label for one in offered(bot.last())] == ["Show null.lab.example"]
    await ws.click(bot.last(), offered(bot.last())[0], user="ana")
    await bot.bot.dispatcher.idle()
    assert "null.lab.example" in bot.last().text


async def a_page_that_is_gone_begins_anew(bot, ws):
    walk = Walk(ws, bot, {}, (), HOST)
    old = json.dumps({"f": "", "n": 2, "t": ["no cursor"], "s": [1]})
    pages = {("smtphistory.older", "no page"): "Show the history", ("smtphistory.older", old): "Show the history"}
    for (button, value), label in {**pages, ("portero.older", "no page"): "Show log"}.items():
        await walk._press(ws.user("ana"), "mailops", button, value)
        await bot.bot.dispatcher.idle()
        assert [one.label for one in offered(bot.last())] == [label]


async def test_a_button_carries_no_secret(bot):
    await bot.type("/smtpcheck my_mail.lab.example password=hunter2-in-a-line")
    assert not offered(bot.last())
