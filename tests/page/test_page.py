"""The page over HTTP and its WebSocket, without a browser: who gets in, what is sent, what can be done."""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
import pytest


class Browser:
    """One window: keeps what it was shown, region by region."""

    def __init__(self, socket):
        self._socket = socket
        self.regions, self.title, self.said, self.setup = {}, {}, [], {}

    async def until(self, true, seconds=60):
        async with asyncio.timeout(seconds):
            while not true():
                self._take(await self._socket.receive_json())

    def _take(self, message):
        match message["show"]:
            case "region":
                known = self.regions.get(message["at"], {})
                self.regions[message["at"]] = {
                    key: message["parts"].get(key, known.get(key)) for key in message["order"]
                }
            case "say":
                self.said.append(message["words"])
            case kind:
                setattr(self, kind, message)

    def text(self, region="messages"):
        return "".join(self.regions.get(region, {}).values())

    async def do(self, what, **more):
        await self._socket.send_json({"do": what, **more})


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as made:
        yield made


@pytest.fixture
async def browser(url, session):
    async with session.ws_connect(_socket(url)) as socket:
        made = Browser(socket)
        await made.until(lambda: "modal" in made.regions)
        yield made


def _socket(url):
    return url.replace("http", "ws", 1).replace("/?", "/socket?")


async def test_the_page_comes_with_its_token_alone_and_with_nothing_from_elsewhere(url, session):
    async with session.get(url) as answer:
        text = await answer.text()
        assert (answer.status, "default-src 'none'" in answer.headers["Content-Security-Policy"]) == (200, True)
    assert "http://" not in text
    assert "https://" not in text
    bare = url.split("?")[0]
    for address in (bare, f"{bare}?token=x", f"{bare}socket?token=x"):
        async with session.get(address) as answer:
            assert answer.status == 403


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Host": "[::1]"}])
async def test_another_site_cannot_have_a_browser_ask(url, session, headers):
    for address in (url, _socket(url).replace("ws", "http", 1)):
        async with session.get(address, headers=headers) as answer:
            assert answer.status == 403


async def test_it_listens_on_loopback_alone(url):
    assert urlsplit(url).hostname == "127.0.0.1"


async def test_a_command_is_answered_and_its_buttons_can_be_pressed(browser):
    await browser.do("say", text="/smtpcheck mail.lab.example")
    await browser.until(lambda: "Share in channel" in browser.text())
    assert "Only visible to you" in browser.text()
    [on] = browser.regions["messages"]
    await browser.do("press", on=on, action="smtpcheck.share", value=_value(browser.text(), "smtpcheck.share"))
    await browser.until(lambda: len(browser.regions["messages"]) > 1)


def _value(html, action):
    return html.split(f'data-action="{action}"')[1].split('data-value="')[1].split('"')[0].replace("&quot;", '"')


async def test_names_of_channels_are_links_as_when_they_were_picked(browser):
    await browser.do("say", text="/smtpwatch add mail.lab.example every 5m in #mailops")
    await browser.until(lambda: "is watched from now on" in browser.text())


async def test_a_form_opens_says_what_is_wrong_and_closes(browser):
    await browser.do("look", place="home")
    await browser.until(lambda: "Check a host" in browser.text())
    on = browser.text().split('data-on="')[1].split('"')[0]
    await browser.do("press", on=on, action="smtpcheck.ask")
    await browser.until(lambda: browser.regions["modal"])
    view = browser.text("modal").split('data-on="')[1].split('"')[0]
    await browser.do("submit", on=view, form={})
    await browser.until(lambda: "aria-invalid" in browser.text("modal"))
    await browser.do("close", on=view)
    await browser.until(lambda: not browser.regions["modal"])


async def test_what_is_written_to_the_app_and_a_mention_of_it_are_answered(browser):
    await browser.do("say", text="@portero check mail.lab.example")
    await browser.until(lambda: "1 reply" in browser.text())
    await browser.do("thread", on=next(iter(browser.regions["messages"])))
    await browser.until(lambda: "mail.lab.example</b>" in browser.text("thread"))
    assert "Asked together" not in browser.text("thread")
    await browser.do("say", text="@portero and 465?", thread=True)
    await browser.until(lambda: len(browser.regions["thread"]) == 4)
    await browser.do("look", place="dm")
    await browser.do("say", text="which port for ses from hetzner")
    await browser.until(lambda: "587" in browser.text() or "465" in browser.text())


async def test_a_second_person_sees_what_that_person_may_see(browser):
    await browser.do("say", text="/smtpport 587")
    await browser.until(lambda: "Only visible to you" in browser.text())
    await browser.do("be", who="bruno")
    await browser.until(lambda: browser.title["who"] == "bruno" and "Only visible to you" not in browser.text())
    assert "board" not in browser.text("places")


async def test_a_watched_host_that_is_stopped_alerts_when_time_passes_and_recovers(browser):
    await browser.do("say", text="/smtpwatch add mail.lab.example 25 every 5m in #mailops")
    await browser.until(lambda: "is watched from now on" in browser.text())
    await browser.do("wait", hours=0.2)
    await browser.do("host", name="mail.lab.example", up=False)
    await browser.do("wait", hours=0.5)
    await browser.until(lambda: "is down" in browser.text() or "refused" in browser.text())
    await browser.do("host", name="mail.lab.example", up=True)
    await browser.do("wait", hours=0.5)
    await browser.until(lambda: "recovered" in browser.text())
    await browser.do("say", text="/smtphistory watches since 20m")
    await browser.until(lambda: "last 20 minutes" in browser.text())
    assert "Nothing found" not in browser.text(), "a run is kept with the time that has passed"


async def test_who_lets_time_pass_while_it_passes_lets_both_pass(browser, here):
    before = here.time.now()
    await browser.do("wait", hours=1)
    await browser.do("wait", hours=24)
    await browser.until(lambda: here.time.now() - before >= timedelta(hours=25))
    assert browser.said == []


@pytest.mark.parametrize(
    "what",
    [
        {"do": "press", "on": "1.2", "action": "x"},
        {"do": "look", "place": "nowhere"},
        {"do": "be", "who": "nobody"},
        {"do": "submit", "on": "V1", "form": {}},
        {"do": "press"},
        {"do": "wait", "hours": "soon"},
    ],
)
async def test_what_nobody_could_do_is_said_and_harms_nothing(browser, what):
    await browser.do(**{"what": what.pop("do"), **what})
    await browser.until(lambda: browser.said)
    await browser.do("look", place="mailops")
    await browser.do("say", text="/smtpport 587")
    await browser.until(lambda: "587" in browser.text())
