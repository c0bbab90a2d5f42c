"""Webhooks of watches, on a real HTTPS server: signature, guard, redirects, answers."""

import hashlib
import hmac
import json
import logging
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from aiohttp import web

from bot.demo.lab.certificates import Authority
from bot.demo.lab.dns import LabDns
from bot.watches.delivery import DeliveryLoop
from bot.watches.notifiers.failures import Noting, NotReachedError
from bot.watches.notifiers.posting import Posting, RefusedError, to_receiver
from bot.watches.notifiers.webhook import WebhookAlerts
from commands.smtpcheck.address.public_addresses import Guard
from commands.smtpcheck.https.client import HttpsClient
from commands.smtpcheck.lookup.question import SecureResolver
from commands.smtpcheck.tls.trust import TrustStore
from commands.watch.state.notifier import Delivery, UndeliverableError
from commands.watch.state.rows import to_event_row, to_row
from storage.queries import OPERATOR
from storage.watches import trouble_key

from .samples import MINUTE, NOON
from .test_mail import WATCH, event, watches  # noqa: F401 - a fixture

AUTHORITY = Authority(now=NOON)
SECRET = "0123456789abcdef"
NAME = "hooks.lab.example"
LOOPBACK = ip_network("127.0.0.0/8")


@asynccontextmanager
async def receiver(status=200, *, headers=None):
    """An HTTPS server; its requests as (headers, body)."""
    got = []

    async def take(request):
        got.append((dict(request.headers), await request.read()))
        return web.Response(status=status, headers=headers or {})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=AUTHORITY.issue(NAME).context()).start()
    try:
        yield SimpleNamespace(got=got, url=f"https://{NAME}:{runner.addresses[0][1]}/told-in-private?key=x")
    finally:
        await runner.cleanup()


def by_webhook(posting):
    return WebhookAlerts(SECRET, posting, lambda: NOON)


@pytest.fixture
async def hook(watches):  # noqa: F811
    """Makes a notifier whose name server knows one name."""
    async with AsyncExitStack() as stack:

        async def made(make=by_webhook, *, allow=(LOOPBACK,), names=("127.0.0.1",), pem=AUTHORITY.pem):
            dns = await stack.enter_async_context(LabDns({NAME: {"A": list(names)}}))
            ask = SecureResolver(((dns.host, dns.port),)).ask
            posting = Posting(HttpsClient(ask, Guard(allow), TrustStore.from_pem(pem.encode())), lambda: NOON)
            return Noting(make(posting), watches, lambda: NOON)

        yield made


def delivery(url, one=None, posted=None):
    return Delivery(one or event(), replace(WATCH, routes={"webhook": (url,)}), posted)


async def test_it_is_signed_json(hook):
    async with receiver() as there:
        assert await (await hook()).deliver(delivery(there.url)) == {"last": "w-1.1.1"}
    [(headers, content)] = there.got
    stamp = headers["X-Portero-Timestamp"]
    made = hmac.new(SECRET.encode(), f"{stamp}.".encode() + content, hashlib.sha256).hexdigest()
    assert headers["X-Portero-Signature"] == f"v1={made}"
    assert stamp == str(int(NOON.timestamp()))
    assert headers["X-Portero-Event"] == "w-1.1.1"
    told = json.loads(content)
    assert (told["schema"], told["kind"], told["headline"]) == (
        "portero.alert/2", "opened", "mail.example.com: 25 no answer",
    )  # fmt: skip
    assert told["facts"]["failing"] == ["no_answer mail.example.com:25"]


async def test_a_delivery_that_is_tried_again_bears_the_same_name(hook):
    async with receiver() as there:
        for unsure in (False, True):
            await (await hook()).deliver(replace(delivery(there.url), unsure=unsure))
    (first, content), (again, same) = there.got
    assert first["X-Portero-Event"] == again["X-Portero-Event"] == "w-1.1.1"
    assert content == same


@pytest.mark.parametrize("names", [("127.0.0.1",), ("192.0.2.1", "10.0.0.1"), ("169.254.169.254",)])
async def test_addresses_inside_are_refused(hook, names):
    async with receiver() as there:
        with pytest.raises(UndeliverableError, match="address_not_allowed"):
            await (await hook(allow=(), names=names)).deliver(delivery(there.url))
        with pytest.raises(UndeliverableError, match="address_not_allowed"):
            await (await hook(allow=())).deliver(delivery("https://127.0.0.1/"))
    assert there.got == []


async def test_a_redirect_is_not_followed(hook):
    async with receiver(302, headers={"Location": "https://127.0.0.1/"}) as there:
        with pytest.raises(UndeliverableError, match="answered_302"):
            await (await hook()).deliver(delivery(there.url))
    assert len(there.got) == 1


@pytest.mark.parametrize(("status", "error"), [(503, RefusedError), (429, RefusedError), (404, UndeliverableError)])
async def test_what_may_pass_is_tried_again_and_the_rest_given_up(hook, status, error):
    async with receiver(status) as there:
        with pytest.raises(error):
            await (await hook()).deliver(delivery(there.url))


async def test_a_certificate_that_nobody_signed_gets_nothing(hook):
    async with receiver() as there:
        with pytest.raises(NotReachedError, match="cert_untrusted"):
            await (await hook(pem=Authority("Another CA", now=NOON).pem)).deliver(delivery(there.url))
    assert there.got == []


async def test_a_name_without_addresses_is_tried_again(hook):
    with pytest.raises(NotReachedError, match="no_host"):
        await (await hook(names=())).deliver(delivery(f"https://{NAME}/"))


async def test_a_quiet_event_goes_to_whoever_heard_of_the_incident_alone(hook):
    quiet = event("recovered", quiet=True)
    async with receiver() as there:
        assert await (await hook()).deliver(delivery(there.url, quiet)) is None
        await (await hook()).deliver(delivery(there.url, quiet, posted={"last": "w-1.1.0"}))
    assert [json.loads(content)["quiet"] for _, content in there.got] == [True]


async def test_the_secret_does_not_show(hook):
    assert SECRET not in repr(await hook())


@pytest.mark.parametrize("status", [200, 302, 404, 503])
async def test_neither_path_nor_query_of_a_webhook_is_logged(hook, watches, caplog, status):  # noqa: F811
    caplog.set_level(logging.DEBUG)
    async with receiver(status, headers={"Location": "https://127.0.0.1/"}) as there:
        watch = replace(WATCH, routes={"webhook": (there.url,)})
        await watches.add(to_row(watch), 9, OPERATOR)
        await watches.tell(to_event_row(event(), watch))
        await DeliveryLoop(watches, [await hook()], lambda: NOON + MINUTE).deliver_waiting()
    assert len(there.got) == 1
    assert "/told-in-private" not in caplog.text
    assert "key=x" not in caplog.text


async def test_a_receiver_that_is_not_there_is_not_named_in_the_log_either(hook, watches, caplog):  # noqa: F811
    caplog.set_level(logging.DEBUG)
    notifier = await hook()
    watch = replace(WATCH, routes={"webhook": (f"https://{NAME}:1/hunter2?key=x",)})
    await watches.add(to_row(watch), 9, OPERATOR)
    await watches.tell(to_event_row(event(), watch))
    await DeliveryLoop(watches, [notifier], lambda: NOON + MINUTE).deliver_waiting()
    assert (await watches.notes(trouble_key("w-1")))[trouble_key("w-1", "webhook")]["why"] == "refused"
    assert "hunter2" not in caplog.text
    assert "key=x" not in caplog.text


@pytest.mark.parametrize("url", [f"https://{NAME}:99999/x", "https:///x", "https://[::1/x"])
def test_a_url_that_is_none_is_given_up(url):
    with pytest.raises(UndeliverableError):
        to_receiver(url, b"{}", {})


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (f"https://{NAME}", (443, "/")),
        (f"https://{NAME}?key=x", (443, "/?key=x")),
        (f"https://{NAME}:8443/a/b?c=d#e", (8443, "/a/b?c=d")),
    ],
)
def test_a_receiver_is_asked_for_what_its_url_says(url, asked):
    message = to_receiver(url, b"{}", {})
    assert (message.port, message.target) == asked
