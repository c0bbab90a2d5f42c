"""`portero doctor`: every check is a line, fine or with what to do; none hinders another, none shows a secret."""

import asyncio
import json
import os
import re
from string import Formatter

import pytest

from bot.cli import main
from bot.doctor.checks.settings import proxy_used, settings_read
from bot.doctor.destinations import destinations
from bot.doctor.examination import Examined, examine
from bot.doctor.result.codes import Code, Found, State
from bot.doctor.result.outcomes import OUTCOMES
from bot.doctor.table import CHECKS, Check
from bot.doctor.view import document, mrkdwn, says, summary, todo
from bot.settings import Settings
from bot.slack.client.proxy import Proxies

SLACK = "https://slack.com/api/"
TYPED = "zanahoria"


def test_every_code_has_a_sentence_and_what_is_bad_says_what_to_do():
    assert OUTCOMES.keys() == set(Code)
    own_words = {Code.SETTING_WRONG, Code.DATABASE_TROUBLE}  # these bring the remedy with them
    assert [code for code, one in OUTCOMES.items() if one.state is State.BAD and not one.todo] == sorted(
        own_words, key=list(Code).index
    )
    for one in OUTCOMES.values():
        assert one.says.endswith((".", "}"))
        assert not one.todo or one.todo[0].isupper() or one.todo.startswith("{")


def test_what_is_to_be_done_names_nothing_that_the_check_did_not_find():
    """The parameters of a remedy stand in the sentence, too, or are those of its check."""
    for code, one in OUTCOMES.items():
        said, wanted = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in (one.says, one.todo))
        assert wanted - said <= {"port", "name", "owner", "remedy"}, code


def test_the_checks_have_names_of_their_own():
    assert len({check.name for check in CHECKS}) == len({check.title for check in CHECKS}) == len(CHECKS)


async def test_settings_that_are_wrong_are_a_line_each():
    assert [one.code for one in await settings_read([])] == [Code.SETTINGS_FINE]
    found = await settings_read(["PORTERO_PORT: 'x' is not a port", "SLACK_BOT_TOKEN is missing: there."])
    assert [says(one) for one in found] == ["PORTERO_PORT: 'x' is not a port.", "SLACK_BOT_TOKEN is missing: there."]


@pytest.mark.parametrize(
    ("proxies", "environ", "code"),
    [
        (Proxies(), {}, Code.PROXY_NONE),
        (Proxies("http://u:secret@p.example:3128"), {}, Code.PROXY_SET),
        (Proxies("http://p.example:3128", "slack.com"), {}, Code.PROXY_EXCEPTED),
        (Proxies(), {"ALL_PROXY": "socks5://u:secret@p"}, Code.PROXY_UNHEEDED),
        (Proxies("http://p.example:3128"), {"ALL_PROXY": "x"}, Code.PROXY_SET),
    ],
)
async def test_the_way_to_slack_is_told_without_its_login(proxies, environ, code):
    [found] = await proxy_used(proxies, SLACK, environ)
    assert found.code is code
    assert "secret" not in says(found) + todo(found)


async def fine(_it):
    return [Found(Code.PROXY_NONE)]


async def broken(_it):
    raise LookupError(TYPED)


async def endless(_it):
    await asyncio.Event().wait()


async def test_the_checks_run_at_once_and_one_that_fails_or_hangs_costs_no_other(caplog):
    checks = [Check("a", "A", broken), Check("b", "B", endless), Check("c", "C", endless), Check("d", "D", fine)]
    async with asyncio.timeout(5):
        examined = await examine(checks, None, seconds=0.05)
    assert [one.found[0].code for one in examined] == [
        Code.CHECK_FAILED,
        Code.TOOK_TOO_LONG,
        Code.TOOK_TOO_LONG,
        Code.PROXY_NONE,
    ]
    assert "LookupError" in says(examined[0].found[0])
    assert TYPED not in caplog.text


def an_examination(*codes, **params):
    return [Examined(Check(str(code), f"Title {code}", fine), [Found(code, params)]) for code in codes]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ([Code.PROXY_NONE], "All is fine."),
        ([Code.PROXY_NONE, Code.FAMILIES_NONE], "1 thing to mend; the rest is fine."),
        (
            [Code.PROXY_EXCEPTED, Code.FAMILIES_NONE, Code.DNSSEC_UNKNOWN],
            "1 thing to mend, 1 note, 1 unknown; the rest is fine.",
        ),
        ([Code.DNS_NO_SERVERS, Code.FAMILIES_NONE], "2 things to mend; the rest is fine."),
    ],
)
def test_the_first_line_counts_what_matters(codes, words):
    assert summary(an_examination(*codes)) == words


def test_in_slack_only_what_is_bad_is_told():
    [line] = mrkdwn(an_examination(Code.PROXY_NONE, Code.PROXY_EXCEPTED, Code.FAMILIES_NONE))
    assert line.startswith(":warning: Title families_none: This machine has no way out")


def test_what_dns_and_others_say_is_bounded_and_harmless():
    hostile = f"<!channel> \x1b[31m {'x' * 5000}"
    [line] = mrkdwn(an_examination(Code.EHLO_ABSENT, name=hostile))
    assert "<!channel>" not in line
    assert "\x1b" not in line
    assert len(line) < 1000


def test_json_has_codes_and_their_sentences():
    made = document(an_examination(Code.FAMILIES_NONE), [])
    assert (made["schema"], made["good"]) == ("portero.doctor/1", False)
    assert made["lines"] == [
        {
            "check": "families_none",
            "state": "bad",
            "code": "families_none",
            "params": {},
            "message": "This machine has no way out, by IPv4 or by IPv6.",
            "do": "Look at its routes: ip route.",
        }
    ]


def test_a_firewall_has_to_let_out_what_the_settings_lead_to():
    settings = Settings(
        https_proxy="http://u:secret@proxy.example:3128",
        ports=(25, 587),
        control_hosts="mx.a.example, mx.b.example:25",
        mail_relay=("smtp.example.com", 465),
        nats="tls://nats.example.com",
        webhook_secret="x" * 16,
        pagerduty_key="secret",
        alertmanager_url="http://u:secret@am.example:9093",
        apprise={"ops": "json://secret"},
    )
    found = destinations(settings, ["192.0.2.53", "127.0.0.1#5353"])
    rows = [(one.hosts, one.ports, one.protocol) for one in found]
    assert (("proxy.example",), (3128,), "tcp") in rows
    assert any("files.slack.com" in hosts and ports == (443,) for hosts, ports, _ in rows)
    assert (("192.0.2.53",), (53,), "udp, tcp") in rows
    assert (("127.0.0.1",), (5353,), "udp, tcp") in rows
    assert (("mx.a.example", "mx.b.example"), (25,), "tcp") in rows
    assert (("mx.a.example",), (587,), "tcp") in rows
    assert (("smtp.example.com",), (465,), "tcp") in rows
    assert (("nats.example.com",), (4222,), "tcp") in rows
    assert (("am.example",), (9093,), "tcp") in rows
    assert (("events.pagerduty.com",), (443,), "tcp") in rows
    assert "secret" not in str(found)


def test_the_built_in_control_hosts_are_listed():
    assert any("gmail-smtp-in.l.google.com" in one.hosts for one in destinations(Settings(), []))


@pytest.fixture
def setting(monkeypatch, tmp_path):
    """An environment in which nothing leads out of this machine."""
    for name in [name for name in os.environ if name.startswith(("SLACK_", "PORTERO_")) or "PROXY" in name.upper()]:
        monkeypatch.delenv(name)
    values = {
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "PORTERO_NAMESERVERS": "127.0.0.1:9",
        "PORTERO_CONTROL_HOSTS": "127.0.0.1",
        "PORTERO_DATABASE": str(tmp_path / "portero.db"),
        "PORTERO_PORT": "0",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return monkeypatch.setenv


def test_the_command_says_it_in_lines_and_by_its_exit_status(setting, capsys):
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert re.match(r"\d+ things to mend", said)
    assert "✗ Settings           SLACK_BOT_TOKEN is missing" in said
    assert "A firewall has to let these out:" in said
    assert "every host that is checked  tcp 25, 465, 587, 2525" in said


def test_the_command_says_it_in_json(setting, capsys):
    setting("PORTERO_EHLO_NAMES", "x")
    assert main(["doctor", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["schema"] == "portero.doctor/1"
    assert [line["check"] for line in said["lines"]] != []
    assert {line["check"] for line in said["lines"]} == {check.name for check in CHECKS}
    assert any("did you mean PORTERO_EHLO_NAME?" in line["message"] for line in said["lines"])


def test_no_secret_is_in_any_line(setting, capsys):
    setting("SLACK_BOT_TOKEN", "xoxb-hidden")
    setting("SLACK_SIGNING_SECRET", "hidden-signing")
    setting("HTTPS_PROXY", "http://u:hidden-proxy@127.0.0.1:9")
    main(["doctor"])
    main(["doctor", "--json"])
    said = capsys.readouterr()
    assert "hidden" not in said.out + said.err


def test_what_is_no_option_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--no-such"])
    assert ended.value.code == 2
