"""Alerts to Alertmanager, on a real HTTP server, held against what its API v2 documents."""

import base64
import json
import re
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from aiohttp import web

from bot.watches.notifiers.alertmanager import AlertmanagerAlerts
from bot.watches.notifiers.failures import NotReachedError
from bot.watches.notifiers.posting import RefusedError
from commands.watch.state.notifier import Delivery, UndeliverableError

from .samples import NOON
from .test_mail import WATCH, event

LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
PASSWORD = "zanahoria"


@asynccontextmanager
async def receiver(status=200, **headers):
    """An HTTP server; its requests as (path, headers, body)."""
    got = []

    async def take(request):
        got.append((request.path, dict(request.headers), await request.read()))
        return web.Response(status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield SimpleNamespace(got=got, url=f"http://portero:{PASSWORD}@127.0.0.1:{runner.addresses[0][1]}/am/")
    finally:
        await runner.cleanup()


def documented(alerts):
    """`postableAlerts`: text by the names of labels; times with their zones."""
    for one in alerts:
        assert {"labels"} <= one.keys() <= {"labels", "annotations", "startsAt", "endsAt", "generatorURL"}
        for texts in (one["labels"], one["annotations"]):
            assert all(LABEL.fullmatch(name) and isinstance(text, str) for name, text in texts.items())
        assert one["labels"]["alertname"]
        assert datetime.fromisoformat(one["startsAt"]) < datetime.fromisoformat(one["endsAt"])
    return alerts


def delivery(one, posted=None, severity="critical"):
    return Delivery(one, replace(WATCH, routes={"alertmanager": (severity,)}), posted)


BEGUN = {"w-1.1": "critical"}


async def test_an_incident_is_one_alert_that_ends(caplog):
    async with receiver() as there:
        notifier = AlertmanagerAlerts(there.url)
        assert await notifier.deliver(delivery(event())) == BEGUN
        assert await notifier.deliver(delivery(event("acked", 2), BEGUN)) is None
        assert await notifier.deliver(delivery(event("recovered", 3), BEGUN, "warning")) == BEGUN
    assert {path for path, _, _ in there.got} == {"/am/api/v2/alerts"}
    login = base64.b64encode(f"portero:{PASSWORD}".encode()).decode()
    assert {headers["Authorization"] for _, headers, _ in there.got} == {f"Basic {login}"}
    [begun], [over] = (documented(json.loads(content)) for _, _, content in there.got)
    assert begun["labels"] == over["labels"]
    assert (begun["labels"]["instance"], begun["labels"]["severity"]) == ("mail.example.com", "critical")
    assert begun["annotations"]["summary"] == "mail.example.com: 25 no answer"
    assert datetime.fromisoformat(begun["endsAt"]) > NOON + timedelta(days=300)
    assert datetime.fromisoformat(over["endsAt"]) == event("recovered", 3).at
    assert PASSWORD not in repr(notifier) + caplog.text


@pytest.mark.parametrize(
    ("status", "error"), [(503, RefusedError), (400, UndeliverableError), (302, UndeliverableError)]
)
async def test_what_may_pass_is_tried_again_and_no_redirect_is_followed(status, error):
    async with receiver(status, Location="http://127.0.0.1/") as there:
        with pytest.raises(error):
            await AlertmanagerAlerts(there.url).deliver(delivery(event()))
    assert len(there.got) == 1


async def test_one_that_is_not_there_is_tried_again_and_its_login_is_in_no_error():
    with pytest.raises(NotReachedError) as caught:
        await AlertmanagerAlerts(f"http://portero:{PASSWORD}@127.0.0.1:1/").deliver(delivery(event()))
    assert (str(caught.value), caught.value.__cause__) == ("ClientConnectorError", None)
