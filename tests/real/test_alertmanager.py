"""Incidents of watches as alerts, in Debian's Alertmanager: one that begins, goes on and ends there."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.watches.notifiers.alertmanager import AlertmanagerAlerts
from commands.watch.state.notifier import Delivery
from tests.real.running import running
from tests.watch.test_mail import WATCH, event

PORT = 19093
CONFIG = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"


def alerts(*which):
    command = ("amtool", f"--alertmanager.url=http://127.0.0.1:{PORT}", "-o", "json", "alert", "query", *which)
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


async def test_an_incident_is_an_alert_there_until_it_is_over(tmp_path):
    (tmp_path / "am.yml").write_text(CONFIG)
    watch = replace(WATCH, routes={"alertmanager": ("critical",)})
    now = datetime.now(UTC)
    options = (f"--web.listen-address=127.0.0.1:{PORT}", "--cluster.listen-address=", "--config.file=am.yml")
    with running("prometheus-alertmanager", *options, "--storage.path=data", listens=("127.0.0.1", PORT), cwd=tmp_path):
        notifier = AlertmanagerAlerts(f"http://127.0.0.1:{PORT}")
        begun = replace(event(since=now - timedelta(minutes=5)), at=now)
        posted = await notifier.deliver(Delivery(begun, watch, None))
        await notifier.deliver(Delivery(replace(begun, kind="changed", id="w-1.1.2"), watch, posted))
        [there] = alerts()
        assert (there["labels"]["incident"], there["status"]["state"]) == ("w-1.1", "active")
        over = replace(event("recovered", 3, since=begun.since), at=now)
        await notifier.deliver(Delivery(over, watch, posted))
        assert alerts() == []
