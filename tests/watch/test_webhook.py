"""Webhooks of watches, on a real HTTPS server: signature, guard, redirects, answers."""

import hashlib
import hmac
import json
import ssl
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from aiohttp import ClientError, web

from bot.lab.certificates import Authority
from bot.watches.addresses import NoAddressError
from bot.watches.trouble import Trouble
from bot.watches.webhook import RefusedError, WebhookAlerts
from commands.smtpcheck.guard import Guard
from commands.watch.events import Delivery, UndeliverableError

from .samples import NOON
from .test_mail import WATCH, event, watches  # noqa: F401 - a fixture

AUTHORITY = Authority()
SECRET = "0123456789abcdef"
NAME = "hooks.lab.example"
LOOPBACK = ip_network("127.0.0.0/8")


class Names:
    """DNS that knows one name."""

    def __init__(self, *addresses):
        self.addresses = addresses

    async def addresses_of(self, host):
        return SimpleNamespace(addresses=self.addresses if host == NAME else (), aliases=()), ()


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
        yield SimpleNamespace(got=got, url=f"https://{NAME}:{runner.addresses[0][1]}/portero?key=x")
    finally:
        await runner.cleanup()


@pytest.fixture
def hook(watches):  # noqa: F811
    def made(*, allow=(LOOPBACK,), names=("127.0.0.1",), pem=AUTHORITY.pem):
        context = ssl.create_default_context(cadata=pem)
        return WebhookAlerts(SECRET, Names(*names), Guard(allow), Trouble(watches, lambda: NOON), lambda: NOON, context)

    return made


def delivery(url, one=None, posted=None):
    return Delivery(one or event(), replace(WATCH, webhook=url), posted)


async def test_it_is_signed_json(hook):
    async with receiver() as there:
        assert await hook().deliver(delivery(there.url)) == {"last": "w-1.1.1"}
    [(headers, content)] = there.got
    stamp = headers["X-Portero-Timestamp"]
    made = hmac.new(SECRET.encode(), f"{stamp}.".encode() + content, hashlib.sha256).hexdigest()
    assert headers["X-Portero-Signature"] == f"v1={made}"
    assert stamp == str(int(NOON.timestamp()))
    assert headers["X-Portero-Event"] == "w-1.1.1"
    told = json.loads(content)
    assert (told["schema"], told["kind"], told["headline"]) == (
        "portero.alert/1", "opened", "mail.example.com: 25 no answer",
    )  # fmt: skip
    assert told["facts"]["failing"] == ["no_answer mail.example.com:25"]


async def test_a_delivery_that_is_tried_again_bears_the_same_name(hook):
    async with receiver() as there:
        for unsure in (False, True):
            await hook().deliver(replace(delivery(there.url), unsure=unsure))
    (first, content), (again, same) = there.got
    assert first["X-Portero-Event"] == again["X-Portero-Event"] == "w-1.1.1"
    assert content == same


@pytest.mark.parametrize("names", [("127.0.0.1",), ("192.0.2.1", "10.0.0.1"), ("169.254.169.254",)])
async def test_addresses_inside_are_refused(hook, names):
    async with receiver() as there:
        with pytest.raises(UndeliverableError, match="address_not_allowed"):
            await hook(allow=(), names=names).deliver(delivery(there.url))
        with pytest.raises(UndeliverableError, match="address_not_allowed"):
            await hook(allow=()).deliver(delivery("https://127.0.0.1/"))
    assert there.got == []


async def test_a_redirect_is_not_followed(hook):
    async with receiver(302, headers={"Location": "https://127.0.0.1/"}) as there:
        with pytest.raises(UndeliverableError, match="answered_302"):
            await hook().deliver(delivery(there.url))
    assert len(there.got) == 1


@pytest.mark.parametrize(("status", "error"), [(503, RefusedError), (429, RefusedError), (404, UndeliverableError)])
async def test_what_may_pass_is_tried_again_and_the_rest_given_up(hook, status, error):
    async with receiver(status) as there:
        with pytest.raises(error):
            await hook().deliver(delivery(there.url))


async def test_a_certificate_that_nobody_signed_gets_nothing(hook):
    async with receiver() as there:
        with pytest.raises(ClientError):
            await hook(pem=Authority("Another CA").pem).deliver(delivery(there.url))
    assert there.got == []


async def test_a_name_without_addresses_is_tried_again(hook):
    with pytest.raises(NoAddressError):
        await hook(names=()).deliver(delivery(f"https://{NAME}/"))


async def test_a_quiet_event_goes_to_whoever_heard_of_the_incident_alone(hook):
    quiet = event("recovered", quiet=True)
    async with receiver() as there:
        assert await hook().deliver(delivery(there.url, quiet)) is None
        await hook().deliver(delivery(there.url, quiet, posted={"last": "w-1.1.0"}))
    assert [json.loads(content)["quiet"] for _, content in there.got] == [True]


def test_the_secret_does_not_show(hook):
    assert SECRET not in repr(hook())
