"""A notifier is one object: what it brings is typed, filled in, checked, shown, stored and delivered on."""

from dataclasses import dataclass, field, replace

import pytest

from bot.registry import COMMANDS
from bot.settings import Settings
from bot.watches.loops import make_notifiers
from bot.watches.notifiers.kind import NotifierKind
from bot.watches.notifiers.registry import KINDS, missing_in, routes_of
from commands.contract import UserError
from commands.watch.handler import command
from commands.watch.state.limits import Rules
from commands.watch.state.routes import Route
from commands.watch.state.rows import of_row

from .watchers import TARGET, watchers_on


@dataclass
class Pager:
    """A toy: it keeps what it was given."""

    got: list = field(default_factory=list)
    route: str = "pager"

    async def deliver(self, delivery):
        self.got.append((delivery.event.kind, delivery.to(self.route), delivery.posted))
        return {"last": delivery.event.id}


def number(words):
    if not words[0].isdecimal():
        raise UserError(f"`{words[0]}` is not a number of a pager.", "Type `pager 4711`.")
    return (words[0],), 1


PAGER = Pager()
TOY = NotifierKind(
    Route("pager", "Also to a pager", "4711", number, lambda value: f"Pages {value[0]}", "No pagers.", "Buy one."),
    is_set_up=lambda settings: settings.port != 1,
    make=lambda _setup: PAGER,
)
KINDS_WITH_TOY = (*KINDS, TOY)


@pytest.fixture
async def w(ws, services):
    PAGER.got.clear()
    routes = routes_of(KINDS_WITH_TOY)
    with_toy = replace(services, watch_rules=replace(services.watch_rules, routes=routes))
    commands = [command(routes) if one.name == "smtpwatch" else one for one in COMMANDS]
    async with watchers_on(ws, with_toy, kinds=(TOY,), commands=commands) as made:
        yield made


async def test_a_route_is_typed_shown_stored_and_delivered_on(w):
    card = await w.type(f"add {TARGET} pager 4711 mail ops@example.com")
    assert "• Pages 4711" in card.text
    row = await w.the_watch()
    assert row.document["routes"] == {"pager": ["4711"], "mail": ["ops@example.com"]}
    w.world.breaks()
    await w.pass_by(minutes=32)
    w.world.heals()
    await w.pass_by(minutes=32)
    assert [(kind, to) for kind, to, _ in PAGER.got] == [("opened", ("4711",)), ("recovered", ("4711",))]
    assert PAGER.got[1][2] == {"last": f"{row.id}.1.1"}


async def test_what_is_no_value_of_the_route_is_refused_in_its_words_and_the_usage_names_it(w):
    answer = await w.type(f"add {TARGET} pager blue")
    assert "`blue` is not a number of a pager." in answer.text
    assert "[pager 4711]" in answer.text
    assert "Did you mean `pager`?" in (await w.type(f"add {TARGET} pagr 4711")).text


async def test_the_dialogue_has_its_field_and_edit_ends_it(w):
    await w.type("add pager 4711")
    assert [block["label"]["text"] for block in w.ws.view_of("ana").body["blocks"]][-3] == "Also to a pager"
    values = {"target": TARGET, "channel": w.ws.channel("mailops").id}
    refused = await w.ws.submit(w.ws.view_of("ana"), {**values, "pager": "blue"})
    assert refused.errors == {"pager": "blue is not a number of a pager. Type 4711."}
    assert (await w.ws.submit(w.ws.view_of("ana"), {**values, "pager": "4711"})).errors == {}
    await w.stage.bot.dispatcher.idle()
    assert of_row(await w.the_watch()).routes == {"pager": ("4711",)}
    await w.type(f"edit {TARGET} pager none")
    assert of_row(await w.the_watch()).routes == {}


def test_what_the_settings_lack_is_no_notifier_and_is_told(services):
    lacking = Settings(port=1)
    missing, routes = missing_in(lacking, KINDS_WITH_TOY), routes_of(KINDS_WITH_TOY)
    assert missing == {route.name for route in routes}
    rules = Rules(routes=routes, missing=missing)
    assert rules.offered == ()
    assert [route.name for route in rules.shown_of({"mail": ("ops@example.com",)})] == ["mail"]
    assert [each.route for each in make_notifiers(None, lacking, services, KINDS_WITH_TOY)] == ["slack"]
    assert [each.route for each in make_notifiers(None, Settings(), services, KINDS_WITH_TOY)] == ["slack", "pager"]
