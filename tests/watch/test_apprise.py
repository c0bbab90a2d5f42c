"""Alerts by Apprise itself, to a real HTTP server on loopback."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from bot.watches.notifiers.apprise import AppriseAlerts
from bot.watches.notifiers.posting import RefusedError
from bot.watches.notifiers.registry import routes_of
from commands.contract import UserError
from commands.watch.state.limits import Rules
from commands.watch.state.notifier import Delivery, UndeliverableError
from commands.watch.typed.options import Options, readers

from .test_alertmanager import receiver
from .test_mail import WATCH, event

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # Apprise asks for it


def services(there):
    port = there.url.rpartition(":")[2].partition("/")[0]
    return AppriseAlerts({"ops": f"json://portero:zanahoria@127.0.0.1:{port}/in", "odd": "nonsense://x"})


def delivery(one, name="ops", posted=None):
    return Delivery(one, replace(WATCH, routes={"apprise": (name,)}), posted)


async def test_what_mail_tells_goes_to_the_service_of_that_name(caplog):
    async with receiver() as there:
        notifier = services(there)
        assert await notifier.deliver(delivery(event("acked", facts={"failing": [], "who": "U1"}))) is None
        posted = await notifier.deliver(delivery(event()))
        assert posted == {"to": "ops"}
        await notifier.deliver(delivery(event("recovered", 2), posted=posted))
        for name, why in (("odd", "bad_url"), ("gone", "no_such_name")):
            with pytest.raises(UndeliverableError, match=why):
                await notifier.deliver(delivery(event(), name))
    begun, over = (json.loads(content) for _, _, content in there.got)
    assert (begun["type"], over["type"]) == ("failure", "success")
    assert begun["title"] == "[Portero] mail.example.com: 25 no answer (w-1)"
    assert begun["message"].startswith("DOWN: mail.example.com: 25 no answer\n\nSince 2026-11-24 12:00 UTC")
    assert begun["message"].rstrip().endswith("/smtpwatch edit w-1 apprise none ends these messages.")
    assert "zanahoria" not in repr(notifier)


async def test_what_a_service_does_not_take_is_tried_again():
    async with receiver(503) as there:
        with pytest.raises(RefusedError):
            await services(there).deliver(delivery(event()))


def test_a_name_that_the_settings_do_not_know_is_refused_with_those_that_they_do():
    rules = Rules(routes=routes_of(), choices={"apprise": frozenset({"ops", "night"})})
    options = Options()
    assert readers(rules)["apprise"](["OPS", "every"], options, rules) == 1
    assert options.said["routes"] == {"apprise": ("ops",)}
    with pytest.raises(UserError) as caught:
        readers(rules)["apprise"](["pos"], Options(), rules)
    assert (caught.value.message, caught.value.hint) == ("There is no `pos` here.", "There is night, ops.")


def test_it_is_loaded_by_nothing_but_an_alert():
    program = (
        "import sys, os; os.environ['PORTERO_APPRISE'] = 'ops=json://127.0.0.1/'\n"
        "import bot.services, bot.watches.loops\nfrom bot.settings import load\n"
        "assert load(os.environ).apprise and bot.services.watch_rules(load(os.environ)).choices['apprise'] == {'ops'}\n"
        "sys.exit('apprise' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
