"""`/smtpcheck ... from`, in the workspace: over a real NATS server, from a worker in the lab."""

import copy
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.demo.vantages import lab_vantages
from bot.vantages.keys import public_key
from bot.vantages.places import Places
from bot.vantages.registry import add, registered
from bot.vantages.rights import Rights
from commands.audited import Deed
from storage.audit import AuditQuery
from storage.queries import OPERATOR, Query
from tests.vantages.brokers import SPACE, brokering, now

from .stage import bot_on, content


@asynccontextmanager
async def vantages_on(services, folder, **more):
    """The services with two machines that may connect, mta-03 and fra-1, of which the first one is there."""
    async with brokering(folder, "mta-03", "fra-1") as broker:
        for name, seed in broker.seeds.items():
            await add(services.watches, SPACE, name, public_key(seed), by="tests", at=now())

        async def space():
            return SPACE

        places = Places(services.watches, space, services.prober.store, services.now, **more)
        places.link = await broker.link()
        broker.mta = await broker.worker("mta-03", services.prober)
        yield broker, replace(services, vantages=places)


@pytest.fixture
async def stage(ws, lab, tmp_path):
    async with vantages_on(lab, tmp_path) as (broker, services), bot_on(ws, services, pace=()) as running:
        running.broker = broker
        yield running


async def test_a_check_from_another_machine_is_answered_logged_and_repeated_from_there(stage):
    await stage.type("/smtpcheck mail.lab.example 587 from mta-03")
    assert "*mail.lab.example* works" in stage.last().text
    assert " from mta-03." in content(stage.last())
    assert "mail.lab.example 587 from mta-03" in content(stage.last())
    await stage.type("/smtphistory mail.lab.example")
    assert "mta-03" in content(stage.last())


async def test_where_nobody_is_connected_it_is_said_at_once_and_offered_from_here(stage):
    await stage.type("/smtpcheck mail.lab.example 587 from fra-1")
    assert "fra-1 is not connected. Connected: mta-03, local." in stage.last().text
    await stage.press("smtpcheck.check")
    assert "*mail.lab.example* works" in stage.last().text
    assert " from " not in content(stage.last()).split("Checked")[1].split("}")[0]


async def test_a_slip_in_the_name_of_a_machine_is_told_with_the_button_that_checks_from_there(stage):
    await stage.type("/smtpcheck mail.lab.example 587 from mta03")
    assert stage.last().text == "mta03 is not connected. Did you mean mta-03?"
    assert "Run from mta-03" in content(stage.last())
    await stage.press("smtpcheck.check")
    assert " from mta-03." in content(stage.last())


async def test_the_demo_knows_a_slip_in_the_name_of_a_machine_too(ws, lab):
    async with bot_on(ws, replace(lab, vantages=lab_vantages(lab.prober)), pace=()) as running:
        await running.type("/smtpcheck mail.lab.example 587 from mta03")
        assert running.last().text == "mta03 is not connected. Did you mean mta-03?"
        assert "Run from mta-03" in content(running.last())


async def test_who_was_here_and_went_away_is_told_with_the_time(stage):
    await stage.type("/smtpcheck mail.lab.example 587 from fra-1")
    await stage.broker.mta._link.close()
    await stage.type("/smtpcheck mail.lab.example 465 from mta-03")
    assert "mta-03 is not connected; it was here until" in stage.last().text
    assert "No other machine is connected." in stage.last().text


async def test_from_all_is_one_sentence_and_one_table_with_the_places_beside_each_other(stage):
    shut = copy.copy(stage.services.prober)
    shut.route = lambda address, port: ("127.0.0.1", 1) if port == 587 else stage.services.prober.route(address, port)
    await stage.broker.worker("fra-1", shut)
    await stage.type("/smtpcheck mail.lab.example 465 587 from all")
    told = stage.last()
    assert told.text.startswith(
        ":warning: 587 is closed from fra-1 and answers from local and mta-03: likely that machine's network"
    )
    (table,) = [block for block in told.blocks if block["type"] == "table"]
    assert [cell["text"] for cell in table["rows"][0]] == ["Port", "local, mta-03", "fra-1"]
    assert "mail.lab.example 465 587 from all" in content(told)
    await stage.type("/smtphistory mail.lab.example")
    assert "fra-1" in content(stage.last())


async def test_a_closed_port_is_asked_from_another_machine_before_it_is_said_whose_side_it_is(stage):
    shut = copy.copy(stage.services.prober)
    shut.route = lambda address, port: ("127.0.0.1", 1) if port == 587 else stage.services.prober.route(address, port)
    await stage.broker.worker("fra-1", shut)
    await stage.type("/smtpcheck mail.lab.example 587 from fra-1")
    said = stage.last().text.splitlines()
    assert said[1].startswith("587 is closed from fra-1 and answers from local: likely that machine's network")
    assert "Logged." in content(stage.last())
    await stage.type("/smtpcheck mail.lab.example no.lab.example 587 from fra-1")
    said = "`mail.lab.example`: 587 is closed from fra-1 and answers from local"
    assert said in stage.last().text
    assert said in content(stage.last())


async def test_a_look_that_supports_another_answer_is_no_result_of_its_own(stage):
    shut = copy.copy(stage.services.prober)
    shut.route = lambda address, port: ("127.0.0.1", 1) if port == 587 else stage.services.prober.route(address, port)
    await stage.broker.worker("fra-1", shut)
    await stage.type("/smtpcheck mail.lab.example 587 from fra-1")
    assert "answers from local" in stage.last().text
    (kept,) = await stage.services.history.page(Query(OPERATOR), limit=5)
    assert kept.vantage.startswith("fra-1")


async def test_from_all_where_nobody_else_is_connected_is_offered_from_here(stage):
    await stage.broker.mta._link.close()
    await stage.type("/smtpcheck mail.lab.example 587 from all")
    assert "No other machine is connected." in stage.last().text


async def test_who_is_connected_since_when_and_what_its_network_lets_out(stage):
    await stage.type("/portero vantages")
    told = stage.last().text
    assert "*fra-1*: not connected; never seen" in told
    assert "*mta-03*: connected since <!date^" in told
    assert "checks from its own choice (portero.lab.example); version 0.1.0; no errand yet" in told
    await stage.type("/smtpcheck network 587 from mta-03")
    assert " from mta-03." in content(stage.last())
    assert "network 587 from mta-03" in content(stage.last())
    await stage.type("/portero vantages")
    told = stage.last().text
    assert "\nIts network, <!date^" in told
    assert ">: 25, 465, 587, 2525 not known\n" in told


async def test_a_watch_runs_from_another_machine_and_says_so(stage):
    await stage.type("/smtpwatch add mail.lab.example 587 from mta-03")
    assert "*mail.lab.example from mta-03* is watched from now on" in stage.last().text
    await stage.type("/smtpwatch run mail.lab.example")
    assert "*mail.lab.example from mta-03*" in stage.last().text
    await stage.type("/smtphistory mail.lab.example watched")
    assert "mta-03" in content(stage.last())
    await stage.type("/smtpwatch add network from mta-03")
    assert "is for mail ports and certificates." in stage.last().text


async def test_a_watch_from_a_machine_that_nobody_knows_is_refused_and_from_one_that_is_away_it_waits(stage):
    await stage.type("/smtpwatch add mail.lab.example 587 from mta-33")
    assert "No machine is called mta-33." in stage.last().text
    assert "Did you mean mta-03?" in stage.last().text
    await stage.type("/smtpwatch add mail.lab.example 587 from fra-1")
    assert "*mail.lab.example from fra-1* is watched from now on" in stage.last().text
    assert "fra-1 is not connected. It runs as soon as that changes." in stage.last().text
    await stage.type("/smtpwatch run mail.lab.example")
    assert "fra-1 is not connected." in stage.last().text
    await stage.broker.worker("fra-1", stage.services.prober)
    await stage.type("/smtpwatch run mail.lab.example")
    assert "*mail.lab.example from fra-1* was checked again: healthy" in stage.last().text


async def test_the_form_offers_who_is_connected(stage, ws):
    await ws.open_home("ana")
    await stage.bot.dispatcher.idle()
    await ws.click(ws.home_of("ana"), "smtpcheck.ask", user="ana")
    await stage.bot.dispatcher.idle()
    view = ws.view_of("ana")
    (where,) = [block for block in view.body["blocks"] if block.get("block_id") == "place"]
    assert [one["value"] for one in where["element"]["options"]] == ["local", "mta-03", "all"]
    await ws.submit(view, {"target": "mail.lab.example", "ports": ["587"], "place": "mta-03"}, user="ana")
    await stage.bot.dispatcher.idle()
    assert " from mta-03." in content(ws.messages(ws.dm("ana"))[-1])


def choices(view):
    """What the dialogue offers as the place, and what is chosen; nothing where it does not ask for one."""
    for block in view.body["blocks"]:
        if block.get("block_id") == "from":
            return [one["value"] for one in block["element"]["options"]], block["element"]["initial_option"]["value"]
    return None


async def submitted(stage, values):
    done = await stage.ws.submit(stage.ws.view_of("ana"), {"channel": stage.ws.channel("mailops").id, **values})
    await stage.bot.dispatcher.idle()
    return done.errors


async def test_the_dialogue_of_a_watch_offers_who_is_connected(stage, ws):
    await stage.type("/smtpwatch add")
    assert choices(ws.view_of("ana")) == (["local", "mta-03", "any"], "local")
    wrong = await submitted(stage, {"target": "lab.example", "kind": "dns", "from": "mta-03"})
    assert wrong == {"from": "from is for mail ports and certificates. Leave it out: this is watched from here."}
    assert not await submitted(stage, {"target": "mail.lab.example", "ports": "587", "from": "mta-03"})
    assert "*mail.lab.example from mta-03* is watched from now on" in stage.last().text
    await stage.broker.mta._link.close()
    await stage.type("/smtpwatch edit mail.lab.example")
    assert choices(ws.view_of("ana")) == (["local", "mta-03", "any"], "mta-03")
    assert not await submitted(stage, {"from": "any"})
    assert "*mail.lab.example from any 2 places*" in stage.last().text
    await stage.type("/smtpwatch edit mail.lab.example")
    assert choices(ws.view_of("ana")) == (["local", "any"], "any")
    await stage.type("/smtpwatch add network")
    await stage.type("/smtpwatch edit network")
    assert choices(ws.view_of("ana")) is None


CONFIG = """/pmta <virtual-mta a>
smtp-source-host 127.0.0.9 mta9.example.com
</virtual-mta>
<virtual-mta b>
smtp-source-host 203.0.113.7 elsewhere.example.com
</virtual-mta>"""


async def test_a_config_is_checked_from_the_addresses_that_a_machine_has(stage):
    await stage.type(CONFIG)
    assert "pmta.sources" not in content(stage.last())
    second = copy.copy(stage.services.prober)
    second.source, second.ehlo_name = "127.0.0.9", "mta9.example.com"
    second.control = replace(second.control, source="127.0.0.9")
    await stage.broker.worker("fra-1", second, probers={"127.0.0.9": second})
    await stage.type(CONFIG)
    await stage.press("pmta.sources")
    told = content(stage.last())
    assert "1 address of this config can be checked from." in stage.last().text
    assert "*127.0.0.9* (fra-1): EHLO `mta9.example.com` there, too" in told
    assert "network 25 from fra-1/127.0.0.9" in told
    await stage.press("smtpcheck.check")
    assert " from fra-1/127.0.0.9." in content(stage.last())


@asynccontextmanager
async def allowing(ws, lab, folder, *who):
    """A stage on which mta-03 is for these alone."""
    rights = Rights({"mta-03": frozenset(who)})
    async with vantages_on(lab, folder, rights=rights) as (_, services), bot_on(ws, services, pace=()) as stage:
        yield stage


async def test_a_machine_may_be_for_some_channels_and_people_alone(ws, lab, tmp_path):
    async with allowing(ws, lab, tmp_path, "C0OTHER") as stage:
        await stage.type("/smtpcheck mail.lab.example 587 from mta-03", user="bruno")
        assert "mta-03 is not for this channel." in stage.last("bruno").text
        (entry,) = await stage.services.watches.audit(AuditQuery(OPERATOR, actions=(Deed.VANTAGE_REFUSED,)))
        asked_in = ws.channel("mailops").id
        assert (entry.target, entry.actor, entry.channel) == ("mta-03", ws.user("bruno").id, "")
        assert entry.document == {"asked_in": asked_in}
        await stage.type("/portero log vantages", user="ana")
        assert f"<@{entry.actor}> asked in <#{asked_in}> for the machine *mta-03*" in content(stage.last())
        assert [one.name for one in await registered(stage.services.watches, SPACE)] == ["fra-1", "mta-03"]


async def test_a_machine_may_be_for_a_user_group(ws, lab, tmp_path):
    ws.add_user("carla")
    ws.state.channels[ws.channel("mailops").id].members.add(ws.user("carla").id)
    async with allowing(ws, lab, tmp_path, ws.add_group(["bruno"])) as stage:
        await stage.type("/smtpcheck mail.lab.example 587 from mta-03", user="bruno")
        assert "*mail.lab.example* works" in stage.last("bruno").text
        await stage.type("/smtpcheck mail.lab.example 465 from mta-03", user="carla")
        assert "mta-03 is not for this channel." in stage.last("carla").text
        await stage.type("/smtpwatch add mail.lab.example 587 from mta-03", user="carla")
        assert "mta-03 is not for this channel." in stage.last("carla").text
        assert len(ws.calls("usergroups.users.list")) == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            "internal_error",
            "Slack does not say right now who is in the user group that it is for, so nobody is let in.",
        ),
        ("missing_scope", "Portero may not look up who is in the user group that it is for: its app lacks the scope"),
        ("no_such_subteam", "The user group that the setting names does not exist."),
        ("plan_upgrade_required", "It is for a user group, and this workspace has none."),
    ],
)
async def test_whom_slack_does_not_know_a_group_lets_in_nobody_and_says_why(ws, lab, tmp_path, error, said):
    async with allowing(ws, lab, tmp_path, ws.add_group(["bruno"])) as stage:
        ws.fail("usergroups.users.list", error, times=20)
        await stage.type("/smtpcheck mail.lab.example 587 from mta-03", user="bruno")
        assert f"mta-03 is not for this channel. {said}" in " ".join(stage.last("bruno").text.split())
        await stage.type("/smtpcheck mail.lab.example 587 from mta-03", user="ana")
        assert "*mail.lab.example* works" in stage.last().text
