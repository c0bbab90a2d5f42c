"""HTTPS_PROXY is the way to Slack, for everything of Slack and for nothing else; NO_PROXY counts."""

import aiohttp.connector
import pytest
from yarl import URL

from bot.demo.workspace.model import FileUpload
from bot.operations.run import running
from bot.registry import COMMANDS
from bot.settings import Settings, SettingsError, examine, load
from bot.slack.client.proxy import DIRECTLY, Proxies, is_excepted
from bot.slack.client.session import slack_session
from commands.contract import Attachment, Reply
from tests.every import every

from .process import PATIENCE, ended, environ, process
from .stage import Stage, fake
from .tunnels import NAME, behind_proxy, trusting

SLACK = URL("https://slack.com/api/auth.test")


@pytest.fixture
def trusted(monkeypatch):
    """The lab's authority is trusted by every session."""
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", trusting())


async def speaking(request, _services):
    """Everything by which an answer goes out."""
    read = [file.content.decode() for file in request.attachments]
    yield Reply(f"read {read}", public=request.text == "public", files=(Attachment("out.csv", b"a,b\n"),))


def serving(ws, services, proxy, *, no_proxy="", commands=None):
    """The bot with this proxy and a fake command."""
    settings = Settings(
        bot_token=ws.bot_token,
        app_token=ws.app_token,
        api_url=f"https://{NAME}/api/",
        https_proxy=proxy,
        no_proxy=no_proxy,
        port=0,
    )
    made = commands or (fake(speaking, shortcuts={"read_it": speaking}),)
    return running(settings, services, commands=made, pace=())


async def test_everything_of_slack_goes_by_the_proxy(ws, services, trusted):
    async with behind_proxy(ws) as proxy:
        async with serving(ws, services, proxy.url) as bot:
            stage = Stage(ws, bot, services)
            await stage.type("/echo")
            await stage.type("/echo public")
            attached = (FileUpload("x.conf", b"smtp-port 25"),)
            await ws.shortcut("read_it", "ana", ws.say("bruno", "mailops", "look", attached=attached))
            await bot.dispatcher.idle()
        assert proxy.tunnels.keys() == {f"{NAME}:443"}
    asked = {call.method for call in ws.log if not call.error}
    assert {"auth.test", "apps.connections.open", "users.info", "chat.postMessage"} < asked
    assert {"files.getUploadURLExternal", "files.completeUploadExternal", "conversations.open"} < asked
    assert [one.text for one in stage.seen()][-1] == "read ['smtp-port 25']"
    assert len([file for file in ws.files.values() if file.content == b"a,b\n"]) == 3


async def test_the_proxy_sees_names_and_no_token(ws, services, trusted):
    async with behind_proxy(ws) as proxy:
        async with serving(ws, services, proxy.url) as bot:
            await Stage(ws, bot, services).type("/echo")
        assert proxy.heard.count(b"CONNECT ") == sum(proxy.tunnels.values())
        assert b"xoxb" not in proxy.heard
        assert b"xapp" not in proxy.heard
        assert proxy.refused == []


async def test_a_proxy_that_wants_a_login_gets_it(ws, services, trusted):
    async with behind_proxy(ws, login="portero:p%40ss") as proxy:
        proxy.login = "portero:p@ss"
        async with serving(ws, services, f"http://portero:p%40ss@127.0.0.1:{proxy.port}") as bot:
            await Stage(ws, bot, services).type("/echo")
    assert ws.messages("mailops", viewer="ana")[-1].text == "read []"
    assert proxy.refused == []


async def test_what_is_no_slack_does_not_go_by_the_proxy(ws, lab, trusted, monkeypatch):
    """A check with everything that it looks at, and its history; also where a library looks for a proxy by itself."""
    async with behind_proxy(ws) as proxy:
        for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        async with serving(ws, lab, proxy.url, commands=COMMANDS) as bot:
            await Stage(ws, bot, lab).type("/smtpcheck mail.lab.example")
    assert "*mail.lab.example* works" in ws.messages("mailops", viewer="ana")[-1].text
    assert proxy.tunnels.keys() == {f"{NAME}:443"}
    assert proxy.refused == []


async def test_a_server_on_this_machine_is_reached_without_the_proxy(ws, services):
    async with slack_session(ws.api_url, Proxies("http://127.0.0.1:9")) as session:
        async with session.post(f"{ws.api_url}api.test") as answer:
            assert answer.status == 200
        async with session.post(f"{ws.api_url}api.test", proxy="http://127.0.0.1:9") as answer:
            assert answer.status == 200


async def test_the_sdk_does_not_go_by_a_proxy_that_the_settings_except(ws, tmp_path):
    """It reads the same variable by itself."""
    async with process(environ(ws, tmp_path, HTTPS_PROXY="http://127.0.0.1:9", http_proxy="127.0.0.1:9")) as running:
        await ws.wait_for(lambda: ws.connections, timeout=PATIENCE)
        await ws.command("ana", "mailops", "/portero status")
        await ws.wait_for(lambda: ws.messages("mailops", viewer="ana"), timeout=PATIENCE)
        running.terminate()
        assert (await ended(running))[0] == 0


async def test_a_proxy_that_does_not_let_us_through_is_named_without_its_password(ws, tmp_path):
    async with behind_proxy(ws, login="portero:right") as proxy:
        url = f"http://portero:wrong-secret@127.0.0.1:{proxy.port}"
        env = environ(ws, tmp_path, SLACK_API_URL=f"https://{NAME}/api/", HTTPS_PROXY=url)
        async with process(env) as running:
            status, err = await ended(running)
    assert status == 69
    assert "407" in err
    assert "HTTPS_PROXY" in err
    assert "wrong-secret" not in err
    assert proxy.refused


EXCEPTED = [
    ("slack.com", "https://slack.com/", True),
    ("slack.com", "https://files.slack.com/", True),
    ("slack.com", "wss://wss-primary.slack.com/link", True),
    (".slack.com", "https://slack.com/", False),
    (".slack.com", "https://files.slack.com/", True),
    ("*.slack.com", "https://files.slack.com/", True),
    ("lack.com", "https://slack.com/", False),
    ("a.example, SLACK.com", "https://slack.com/", True),
    ("a.example slack.com.", "https://slack.com/", True),
    ("slack.com:443", "https://slack.com/", True),
    ("slack.com:8443", "https://slack.com/", False),
    ("*", "https://slack.com/", True),
    ("10.0.0.0/8", "https://10.1.2.3/", True),
    ("10.0.0.0/8", "https://slack.com/", False),
    ("10.1.2.3", "https://10.1.2.3/", True),
    ("10.1.2.3:443", "https://10.1.2.3/", True),
    ("2001:db8::/32", "https://[2001:db8::1]/", True),
    ("[2001:db8::1]:443", "https://[2001:db8::1]/", True),
    ("", "https://slack.com/", False),
    (", ,", "https://slack.com/", False),
    ("", "https://localhost/", True),
    ("", "https://127.0.0.1/", True),
    ("", "https://[::1]/", True),
]


@every(EXCEPTED)
def test_no_proxy_names_hosts(no_proxy, url, excepted):
    assert is_excepted(URL(url), no_proxy) is excepted


def test_only_what_is_encrypted_goes_by_the_proxy():
    proxies = Proxies("http://proxy.example:3128")
    assert proxies.way_to(SLACK).proxy == URL("http://proxy.example:3128")
    assert proxies.way_to(URL("http://chat.example/api/")) is DIRECTLY
    assert Proxies().way_to(SLACK) is DIRECTLY


def test_a_login_goes_in_a_header_and_nowhere_else():
    proxies = Proxies("http://portero:p%40ss@proxy.example:3128")
    way = proxies.way_to(SLACK)
    assert way.proxy == URL("http://proxy.example:3128")
    assert way.headers == {"Proxy-Authorization": "Basic cG9ydGVybzpwQHNz"}
    assert "p%40ss" not in f"{proxies!r} {proxies.place}"


@pytest.mark.parametrize(
    ("environment", "proxy", "no_proxy"),
    [
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:2"}, "http://a:1", ""),
        ({"https_proxy": "b:2", "no_proxy": "slack.com"}, "http://b:2", "slack.com"),
        ({"HTTP_PROXY": "http://a:1", "ALL_PROXY": "http://a:1"}, "", ""),
        ({"HTTPS_PROXY": "", "NO_PROXY": "*"}, "", "*"),
    ],
)
def test_it_is_read_from_the_variables_that_everybody_uses(environment, proxy, no_proxy):
    settings = load(environment)
    assert (settings.https_proxy, settings.no_proxy) == (proxy, no_proxy)


@pytest.mark.parametrize(
    "value", ["socks5://u:secret@p:1080", "http://", "http://u:se/cret@p", "http://p:99999", "http://p:0"]
)
def test_what_is_no_proxy_stops_the_bot_alone_and_is_not_repeated(value):
    environment = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "HTTPS_PROXY": value}
    assert load({"HTTPS_PROXY": value}).https_proxy == ""
    with pytest.raises(SettingsError) as caught:
        load(environment, for_slack=True)
    [problem] = caught.value.problems
    assert problem.startswith("HTTPS_PROXY: that is no proxy")
    assert "secret" not in problem
    assert "cret" not in problem.replace("SECRET", "")


def test_the_password_of_a_proxy_is_a_secret_of_the_settings():
    settings = examine({"HTTPS_PROXY": "http://u:hidden@p:1"}).settings
    assert "hidden" not in repr(settings)
    assert settings.secrets == {"http://u:hidden@p:1"}
