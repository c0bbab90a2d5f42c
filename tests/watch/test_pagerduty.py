"""Incidents in PagerDuty, on a real HTTPS server, held against what the Events API v2 documents."""

import json
from dataclasses import replace
from datetime import datetime

import pytest

from bot.watches.notifiers.pagerduty import PagerDutyAlerts
from bot.watches.notifiers.posting import RefusedError
from commands.watch.state.notifier import Delivery, UndeliverableError

from .test_mail import WATCH, event, watches  # noqa: F401 - a fixture
from .test_webhook import hook, receiver  # noqa: F401 - a fixture

KEY = "zanahoria" * 3
SEVERITIES = {"critical", "error", "warning", "info"}
FIELDS = {"routing_key", "event_action", "dedup_key", "payload", "client", "client_url", "links", "images"}
PAYLOAD = {"summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"}


def documented(told):
    """Names, types and lengths as the Events API v2 has them."""
    assert told.keys() <= FIELDS
    assert told["routing_key"] == KEY
    assert 0 < len(told["dedup_key"]) <= 255
    assert told["event_action"] in {"trigger", "acknowledge", "resolve"}
    payload = told.get("payload")
    assert (payload is not None) == (told["event_action"] == "trigger")
    if payload is not None:
        assert {"summary", "source", "severity"} <= payload.keys() <= PAYLOAD
        assert 0 < len(payload["summary"]) <= 1024
        assert payload["severity"] in SEVERITIES
        assert datetime.fromisoformat(payload["timestamp"]).tzinfo
        assert isinstance(payload["custom_details"], dict)
    return told


async def told_of(hook, *deliveries, status=202):  # noqa: F811
    async with receiver(status) as there:
        notifier = await hook(lambda posting: PagerDutyAlerts(KEY, there.url, posting))
        for one in deliveries:
            await notifier.deliver(one)
    assert len(there.got) <= len(deliveries)
    assert KEY not in repr(notifier) + str([headers for headers, _ in there.got])
    return [documented(json.loads(content)) for _, content in there.got]


def delivery(one, posted=None, **changes):
    return Delivery(one, replace(WATCH, routes={"pagerduty": ("error",)}, **changes), posted)


async def test_an_incident_is_triggered_acknowledged_and_resolved_under_one_key(hook):  # noqa: F811
    acked = event("acked", 3, facts={"failing": ["no_answer mail.example.com:25"], "who": "U1"})
    begun, again, seen, over = await told_of(
        hook,
        delivery(event()),
        delivery(event("refired", 2), {"last": "w-1.1.1"}),
        delivery(acked, {"last": "w-1.1.1"}),
        delivery(event("recovered", 4), {"last": "w-1.1.1"}),
    )
    assert {one["dedup_key"] for one in (begun, again, seen, over)} == {"portero-w-1.1"}
    assert [one["event_action"] for one in (begun, again, seen, over)] == [
        "trigger", "trigger", "acknowledge", "resolve",
    ]  # fmt: skip
    payload = begun["payload"]
    assert (payload["summary"], payload["source"]) == ("mail.example.com: 25 no answer", "mail.example.com")
    assert (payload["severity"], payload["class"]) == ("error", "check")
    assert payload["custom_details"]["told"].startswith("Since 2026-11-24 12:00 UTC")


async def test_an_incident_in_the_message_of_another_is_one_of_its_own(hook):  # noqa: F811
    joined = replace(event(), id="w-2.7.1", facts={**event().facts, "part": "joined"})
    [told] = await told_of(hook, delivery(joined))
    assert told["dedup_key"] == "portero-w-2.7"


async def test_what_is_quiet_or_no_incident_is_not_told_and_what_was_told_is_ended(hook):  # noqa: F811
    moved = event("closed", 5, quiet=True, facts={"failing": [], "why": "moved"})
    told = await told_of(
        hook,
        delivery(event("changed", 2, quiet=True), {"last": "w-1.1.1"}),
        delivery(event("recovered", 3, quiet=True)),
        delivery(event("dns_changed", 4, facts={"changes": []})),
        delivery(event("certificate_ends", 4, facts={"endpoints": [], "days": 30, "threshold": 30})),
        delivery(event("cannot_see", 4, facts={"ports": [25], "vantage": "local"})),
        delivery(moved, {"last": "w-1.1.1"}),
        delivery(event("recovered", 6, quiet=True), {"last": "w-1.1.1"}),
        Delivery(event(), WATCH, None),  # it says nothing of PagerDuty
    )
    assert [one["event_action"] for one in told] == ["resolve"]


@pytest.mark.parametrize(("status", "error"), [(429, RefusedError), (500, RefusedError), (400, UndeliverableError)])
async def test_what_may_pass_is_tried_again_and_the_rest_given_up(hook, status, error, caplog):  # noqa: F811
    with pytest.raises(error):
        await told_of(hook, delivery(event()), status=status)
    assert KEY not in caplog.text


async def test_a_hostile_headline_stays_within_its_bounds(hook):  # noqa: F811
    failing = [f"no_answer mx{at}.\x1b[31m<!channel>.example:25" for at in range(200)]
    [told] = await told_of(hook, delivery(event(facts={"failing": failing, "summary": "x" * 9000})))
    assert "\x1b" not in str(told)
