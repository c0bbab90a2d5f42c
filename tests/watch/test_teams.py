"""Cards in Microsoft Teams, on a real HTTPS server, held against the schema of Adaptive Cards."""

import json
from dataclasses import replace

import pytest

from bot.watches.notifiers.teams import TeamsAlerts, read, shown
from commands.contract import UserError
from commands.watch.state.notifier import Delivery

from .test_mail import WATCH, event, watches  # noqa: F401 - a fixture
from .test_webhook import hook, receiver  # noqa: F401 - a fixture

COLOURS = {"default", "dark", "light", "accent", "good", "warning", "attention"}
RUN = {"type", "text", "weight", "color", "size", "isSubtle"}


def documented(content):
    """A message with one Adaptive Card 1.4, below 28 KB; its texts."""
    assert len(content) < 28 * 1024
    told = json.loads(content)
    assert told["type"] == "message"
    [attachment] = told["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    for block in card["body"]:
        assert block.keys() == {"type", "inlines"}
        assert block["type"] == "RichTextBlock"
        for run in block["inlines"]:
            assert {"type", "text"} <= run.keys() <= RUN
            assert run["type"] == "TextRun"
            assert run["text"]
            assert run.get("color", "default") in COLOURS
    return [run["text"] for block in card["body"] for run in block["inlines"]]


def delivery(url, one, posted=None):
    return Delivery(one, replace(WATCH, routes={"teams": (url,)}), posted)


async def test_what_mail_tells_is_a_card_each(hook):  # noqa: F811
    async with receiver(202) as there:
        notifier = await hook(TeamsAlerts)
        posted = await notifier.deliver(delivery(there.url, event()))
        assert posted == {"to": there.url}
        assert await notifier.deliver(delivery(there.url, event("changed", 2), posted)) is None
        assert await notifier.deliver(delivery(there.url, event("recovered", 3, quiet=True), posted)) is None
        joined = replace(event("opened", 4), facts={**event().facts, "part": "joined"})
        assert await notifier.deliver(delivery(there.url, joined, posted)) is None
        assert await notifier.deliver(delivery(there.url, event("recovered", 5), posted)) == posted
    begun, over = (documented(content) for _, content in there.got)
    assert begun[:3] == ["DOWN", "mail.example.com: 25 no answer", begun[2]]
    assert begun[2].startswith("Since 2026-11-24 12:00 UTC")
    assert over[:2] == ["RECOVERED", "mail.example.com recovered"]
    assert begun[-1] == "Watch w-1 of Portero"


async def test_text_of_others_is_text(hook):  # noqa: F811
    failing = [f"no_answer mx{at}.[x](https://evil.example)\x1b<at>all</at>.example:25" for at in range(200)]
    async with receiver(202) as there:
        await (await hook(TeamsAlerts)).deliver(
            delivery(there.url, event(facts={"failing": failing, "summary": "x" * 9000}))
        )
    [(_, content)] = there.got
    assert "\x1b" not in "".join(documented(content))


def test_the_url_of_a_workflow_is_typed_and_its_host_alone_is_shown():
    for host in ("prod-07.westeurope.logic.azure.com:443", "default1.02.environment.api.powerplatform.com:443"):
        url = f"https://{host}/workflows/zanahoria?sig=zanahoria"
        assert read([url, "every", "5m"]) == ((url,), 1)
        assert shown((url,)) == f"Microsoft Teams by https://{host}"
    for wrong in ("https://hooks.example.com/x", "https://evil.example/.logic.azure.com", "http://a.logic.azure.com/x"):
        with pytest.raises(UserError, match="no URL of a workflow"):
            read([wrong])
