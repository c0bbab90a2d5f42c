import asyncio
import re

from bot.cli import main
from bot.demo import tour
from bot.demo.stage import ground

SHOWN = (
    "mail.lab.example works. Use port 465",
    "Shared by @ana",
    "Likely the target's side: port 25 did not answer within 2.0 s",
    "The certificate expired 12 days ago",
    "25 is closed from mta-03 only: that machine's network, not mail.lab.example.",
    "Use 587 with STARTTLS for SparkPost",
    "Open relay: anybody may relay here without a login.",
    "beats 20",
    "is watched from now on",
    "mail.lab.example: 25 refused Since",
    "mail.lab.example recovered Down for",
    "Usable, 24 h",
    "Your last results",
    "That was the tour",
)
"""What the tour shows, in its order."""


async def test_the_tour_runs_by_itself_and_shows_the_lab(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    status = await asyncio.to_thread(main, ["demo", "--tour"])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    said = " ".join(out.split())
    for words in SHOWN:
        assert words in said
        said = said.partition(words)[2]
    assert "request id" not in out
    assert "Slack would say" not in out
    assert list(tmp_path.iterdir()) == []


async def test_without_a_terminal_the_demo_is_the_tour(monkeypatch, capsys):
    monkeypatch.setattr(tour, "TOUR", tour.TOUR[:1])
    status = await asyncio.to_thread(main, ["demo"])
    assert status == 0
    assert "That was the tour" in capsys.readouterr().out


async def test_at_the_prompt_one_types_commands_and_presses_numbers(monkeypatch, capsys):
    near = ["smtpcheck x.example", "hosst", "@porter x.example", "/smtpchek x", "/remind me"]
    lines = iter(["/smtpcheck mail.lab.example 25", "1", "99", "hosts", "what?", *near, "quit"])
    monkeypatch.setattr("builtins.input", lambda _prompt: next(lines))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    status = await asyncio.to_thread(main, ["demo"])
    out = capsys.readouterr().out
    assert status == 0
    assert "Shared by @ana" in out
    assert "there is no button 99" in out
    assert "/smtpchek is not a command here. Did you mean /smtpcheck?" in out
    for meant in ("/smtpcheck x.example", "hosts", "@portero x.example"):
        assert f"Did you mean {meant}?" in " ".join(out.split())
    assert "/remind is not a command here. There are /smtpcheck" in out
    assert "slow.lab.example" in out


async def typed(monkeypatch, capsys, *lines):
    """What the demo's prompt printed for these lines."""
    rest = iter([*lines, "quit"])
    monkeypatch.setattr("builtins.input", lambda _prompt: next(rest))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert await asyncio.to_thread(main, ["demo"]) == 0
    return capsys.readouterr().out


async def test_a_form_is_filled_in_by_numbers_and_sent(monkeypatch, capsys):
    out = await typed(monkeypatch, capsys, "/smtpport", "1 printer", "99 x", "2 nobody", "2 spark", "send")
    assert "1  What do you want to do?: An app or a mail client hands mail to its provider  (An app" in out
    assert "there is no input 99" in out
    assert "choose one of: " in out
    assert "2  Mail provider: spark" in out
    assert "for SparkPost" in out


async def test_a_form_that_lacks_something_stays_open_and_says_so(monkeypatch, capsys):
    out = await typed(monkeypatch, capsys, "/smtpwatch add", "send", "1 mail.lab.example", "6 #mailops", "send", "send")
    assert "Alerts in: Please complete this required field." in out
    assert "is watched from now on" in out
    assert "there is no form" in out


async def test_a_number_presses_a_button_of_the_open_dialogue_and_close_leaves_it(monkeypatch, capsys):
    out = await typed(monkeypatch, capsys, "/smtpcheck mail.lab.example 25", "3", "close", "1")
    assert "Shared by @ana" in out


async def test_home_and_direct_messages_are_shown(monkeypatch, capsys):
    out = await typed(monkeypatch, capsys, "/smtpcheck mail.lab.example 25", "/smtphistory", "home", "2")
    assert "Your last results" in out
    assert "[file]" in out


async def test_one_writes_to_it_in_the_channel_and_to_it_alone(monkeypatch, capsys):
    lines = ("@portero is mail.lab.example up on 587?", "dm mail.lab.example 25", "dm and 587?", "dm", "@porter x")
    out = await typed(monkeypatch, capsys, *lines)
    assert "in a thread" in out
    assert out.count("mail.lab.example works") == 3
    assert out.count("Type a slash command") == 2  # at the start, and for what is none of these
    assert "Did you mean @portero x?" in out


async def test_what_is_written_without_its_name_goes_to_it_alone_and_says_so(monkeypatch, capsys):
    out = await typed(monkeypatch, capsys, "is mail.lab.example up on 25?")
    assert "In a channel Portero reads only what mentions it" in out
    assert "mail.lab.example works" in out


async def test_help_and_a_question_mark_show_what_one_may_type_here(monkeypatch, capsys):
    out = await typed(monkeypatch, capsys, "help", "?")
    assert out.count("Type a slash command") == 3  # also at the start


async def test_a_number_presses_a_button_of_what_was_shown_last_wherever_that_stands(monkeypatch, capsys):
    lines = ("/smtpcheck mail.lab.example 25", "dm expired.lab.example 465", "3")
    out = await typed(monkeypatch, capsys, *lines)
    assert re.search(r"expired\.lab\.example \[[0-9.]+\] port 465", out)


async def test_names_are_sent_as_slack_sends_them_when_they_were_picked_from_its_list(monkeypatch, capsys):
    out = await typed(monkeypatch, capsys, "/smtpcheck mail.lab.example 587", "/smtphistory by @ana port 587")
    assert "by @ana" in out
    assert "I know people by mention alone" not in out


async def test_what_was_seen_of_other_hosts_before_a_time_passed_is_not_taken_for_what_is_so_after_it():
    """Our network blocks 25 two hours after an outage, in the same second of real time: no host is said to be down."""
    async with ground() as here:

        async def passes(hours):
            await here.time.wait(hours)
            await here.bot.dispatcher.idle()
            return [message.text for message in here.workspace.messages("mailops") if ":red_circle:" in message.text]

        await here.workspace.command("ana", "mailops", "/smtpwatch add mail.lab.example 25 every 15m")
        await passes(1)
        here.lab.stop("mail.lab.example")
        assert len(await passes(1)) == 1
        here.lab.start("mail.lab.example")
        assert await passes(2) == []
        for host in ("mail.lab.example", "mx.alpha.example", "mx.beta.example"):
            here.lab.stop(host)
        assert await passes(1) == []
