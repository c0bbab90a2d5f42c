"""No host but Slack's and that of SLACK_API_URL ever sees the token, whatever Slack says of where things lie."""

import pytest
from yarl import URL

from bot.demo.workspace.model import FileUpload
from bot.slack.client.session import ForeignHostError, SlackHosts, slack_session
from bot.slack.requests.files import OUTSIDE
from commands.contract import Attachment, Reply
from tests.every import every

from .stranger import BODY, a_stranger

SLACK = SlackHosts("https://slack.com/api/")
LOCAL = SlackHosts("http://127.0.0.1:8080/api/")
OTHER = SlackHosts("https://chat.example.com/api/")
REDIRECTS = (301, 302, 303, 307, 308)


@pytest.fixture
async def stranger():
    async with a_stranger() as made:
        yield made


async def read(request, _services):
    yield Reply(f"read {[file.content.decode() for file in request.attachments]}")


async def share(request, _services):
    yield Reply("shared", public=request.text == "public", files=(Attachment("history.csv", b"a,b\n"),))


async def shown(serving, ws, *attached):
    """What the asker reads of a message with these files."""
    async with serving(shortcuts={"read_it": read}) as stage:
        await ws.shortcut("read_it", "ana", ws.say("bruno", "mailops", "look", attached=attached))
        await stage.bot.dispatcher.idle()
    return stage.last().text


@pytest.mark.parametrize(
    "text",
    [
        "https://slack.com/api/chat.postMessage",
        "https://files.slack.com/files-pri/T1-F1/download/config",
        "https://FILES.Slack.COM/x",
        "https://files.slack.com:443/x",
        "https://team.enterprise.slack.com/files/x",
        "https://files.slack-gov.com/x",
        "wss://wss-primary.slack.com/link/?ticket=1",
    ],
)
def test_slacks_own_hosts_are_let_through(text):
    assert all(hosts.allow(URL(text)) for hosts in (SLACK, LOCAL, OTHER))


@every(
    [
        "",
        "files.slack.com/x",
        "//files.slack.com/x",
        "http://files.slack.com/x",
        "ws://wss-primary.slack.com/",
        "ftp://files.slack.com/x",
        "file:///etc/passwd",
        "https://files.slack.com:8443/x",
        "https://files.slack.com./x",
        "https://user@files.slack.com/x",
        "https://user:word@files.slack.com/x",
        "https://files.slack.com@evil.example/x",
        "https://files.slack.com:x@evil.example/x",
        "https://slack.com.evil.example/x",
        "https://evilslack.com/x",
        "https://evil-slack.com/x",
        "https://slack-files.com/files-tmb/x",
        "https://slack.co/x",
        "https://evil.example/.slack.com",
        "https://evil.example#.slack.com",
        "https://evil.example?.slack.com",
        "https://evil.example%2f.slack.com/x",
        "https://evil_example.slack.com/x",
        "https://files.slack.com%2eevil.example/x",
        "https://files.slack.com\t.evil.example/x",
        "https://files.slack.com\n@evil.example/x",
        "https://sl\u0430ck.com/x",
        "https://xn--slck-5cd.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "http://169.254.169.254/latest/meta-data/",
    ]
)
def test_every_other_host_is_refused(text):
    assert not any(hosts.allow(URL(text)) for hosts in (SLACK, LOCAL, OTHER))


@pytest.mark.parametrize("text", ["https://evil.example\\@files.slack.com/", "https://evil.example\\.slack.com/"])
def test_a_backslash_is_no_part_of_a_url(text):
    with pytest.raises(ValueError, match="backslash"):
        URL(text)


@pytest.mark.parametrize(
    ("hosts", "text", "allowed"),
    [
        (LOCAL, "http://127.0.0.1:8080/files-pri/x", True),
        (LOCAL, "ws://127.0.0.1:8080/link/", True),
        (LOCAL, "http://127.0.0.1:8081/files-pri/x", False),
        (LOCAL, "http://localhost:8080/x", False),
        (LOCAL, "https://127.0.0.1:8080/x", False),
        (LOCAL, "http://x@127.0.0.1:8080/x", False),
        (OTHER, "https://chat.example.com/files/x", True),
        (OTHER, "wss://chat.example.com/link", True),
        (OTHER, "http://chat.example.com/files/x", False),
        (OTHER, "https://chat.example.com:8443/x", False),
        (OTHER, "https://files.chat.example.com/x", False),
        (SLACK, "https://chat.example.com/x", False),
    ],
)
def test_beside_slack_the_server_of_the_api_is_let_through_and_nothing_beside_it(hosts, text, allowed):
    assert hosts.allow(URL(text)) is allowed


async def test_a_session_says_which_host_it_refuses_and_not_the_rest_of_the_url(stranger):
    async with slack_session("https://slack.com/api/") as session:
        with pytest.raises(ForeignHostError) as raised:
            await session.get(f"{stranger.origin}/secret?key=secret")
    assert str(raised.value) == "127.0.0.1 is not a host of Slack's"
    assert stranger.heard == []


@pytest.mark.parametrize("mode", ["hosted", "external", "file_access"])
async def test_a_file_outside_slack_is_not_fetched(serving, ws, stranger, mode):
    text = await shown(serving, ws, FileUpload("x.conf", b"", mode=mode, url=f"{stranger.origin}/x.conf"))
    assert OUTSIDE in text
    assert "It is x.conf." in text
    assert stranger.heard == []


@pytest.mark.parametrize(
    ("mode", "url"),
    [
        ("external", "https://files.slack.com/files-pri/x"),
        ("hosted", "http://files.slack.com/files-pri/x"),
        ("hosted", "https://files.slack.com@127.0.0.1/x"),
        ("hosted", "https://files.slack.com\\@127.0.0.1/x"),
        ("hosted", "https://files.slack.com:99999/x"),
        ("hosted", "file:///etc/passwd"),
        ("hosted", "not a url"),
    ],
)
async def test_a_file_whose_url_is_none_of_slacks_is_said_to_lie_outside(serving, ws, mode, url):
    assert OUTSIDE in await shown(serving, ws, FileUpload("x.conf", b"", mode=mode, url=url))


async def test_one_foreign_file_among_others_stops_before_the_token_leaves(serving, ws, stranger):
    text = await shown(
        serving, ws, FileUpload("own.conf", b"x"), FileUpload("x.conf", b"", mode="external", url=stranger.origin)
    )
    assert OUTSIDE in text
    assert stranger.heard == []


async def test_a_file_that_comes_by_slack_connect_is_looked_up_first(serving, ws):
    text = await shown(serving, ws, FileUpload("x.conf", b"smtp-port 25", mode="file_access"))
    assert text == "read ['smtp-port 25']"
    assert [call.error for call in ws.calls("files.info")] == [""]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("file_not_found", "F0000000009 is not at Slack any more."),
        ("access_denied", "Slack does not let Portero read F"),
        ("missing_scope", "Slack does not let Portero read F"),
    ],
)
async def test_a_file_of_slack_connect_that_is_not_described_is_explained(serving, ws, error, said):
    ws.fail("files.info", error)
    assert said in await shown(serving, ws, FileUpload("x.conf", b"", mode="file_access"))


@pytest.mark.parametrize("status", REDIRECTS)
async def test_the_token_follows_no_redirect_of_a_file(serving, ws, stranger, status):
    ws.redirect("download", f"{stranger.origin}/x", status=status)
    assert "Slack does not let Portero read x.conf." in await shown(serving, ws, FileUpload("x.conf", b"x"))
    assert stranger.heard == []


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize(
    "method",
    ["users.info", "chat.postMessage", "response_url", "conversations.open", "files.getUploadURLExternal", "upload"],
)
async def test_no_redirect_leads_out_of_slack(serving, ws, stranger, method, status):
    async with serving(share) as stage:
        ws.redirect(method, f"{stranger.origin}/{method}", times=5, status=status)
        for line in ("/echo", "/echo public"):
            await stage.type(line)
            await stage.type(line, channel="board")
    assert ws.state.faults.left(method) < 5
    assert stranger.heard == []


async def test_a_redirect_within_slack_is_followed(serving, ws):
    async with serving(share) as stage:
        ws.redirect("chat.postMessage", f"{ws.api_url}chat.postMessage")
        await stage.type("/echo public")
    assert [one.text for one in stage.seen("bruno")][:1] == ["shared"]
    assert len(ws.calls("chat.postMessage")) == 2


async def test_urls_that_slack_hands_out_lead_nowhere_else(serving, ws, stranger):
    """response_urls and upload URLs of a workspace that lies about its address. The answer takes another door."""
    async with serving(share, shortcuts={"read_it": read}) as stage:
        ws.state.origin = stranger.origin
        await stage.type("/echo")
        await stage.type("/echo public", channel="board")
        await ws.shortcut("read_it", "ana", ws.say("bruno", "mailops", "look", attached=[FileUpload("x", b"x")]))
        await stage.bot.dispatcher.idle()
    assert stage.seen()[0].text == "shared"
    assert OUTSIDE in stage.last().text
    assert stranger.heard == []


async def test_the_socket_goes_to_slack_alone(serving, ws, stranger):
    async with serving(watch=0.01) as stage:
        true, ws.state.origin = ws.state.origin, stranger.origin
        asked = len(ws.calls("apps.connections.open"))
        await ws.refresh()
        await ws.drop_sockets()
        await ws.wait_for(lambda: len(ws.calls("apps.connections.open")) >= asked + 2)
        ws.state.origin = true
        await ws.wait_for(lambda: ws.connections)
        await stage.type("/echo hello")
    assert stage.last().text == "echo hello"
    assert stranger.heard == []


async def test_nothing_of_an_internal_page_comes_back(serving, ws, stranger):
    text = await shown(serving, ws, FileUpload("x.conf", b"", url=f"{stranger.origin}/latest/meta-data/"))
    assert BODY.decode() not in text
    assert stranger.heard == []
